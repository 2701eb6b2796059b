// Package ltv computes what a customer is worth: the profit of first and of
// repeat purchases side by side, when an acquired customer has paid back what
// winning them cost, and each customer's value to date.
//
//	profit, err := ltv.DealProfit(ctx, sales, costs)    // from an export, with assumptions
//	example, err := ltv.WhatIf(costs)                   // from assumptions alone
//	by, err := ltv.SplitProfit(ctx, sales, options)     // by salesperson, channel, product group or cohort
//	won, err := ltv.Acquire(ctx, sales, options)        // spend and leads beside the new customers of the export
//	paid, err := ltv.Paybacks(ctx, sales, options)      // when each cohort or channel paid back
//	customers, err := ltv.Historic(ctx, sales, ltv.HistoricOptions{Costs: costs})
//
// # What a profit is
//
// In every column of every table
//
//	profit = revenue − revenue without known cost − cost of goods − overhead
//	         − acquisition − bonus − errors − direct
//
// so a table can be added up with a pen. Revenue of lines whose cost of goods
// is unknown is shown but never counted as profit, while every other cost is
// charged in full: as long as those goods were not sold below cost, the
// profit shown is a lower bound, and [Column.CostKnown] says how much of the
// revenue it is about. Where no cost of goods is known at all the profit is
// unknown, not revenue less nothing.
//
// # What winning a customer costs
//
// It is assumed, as the cost of a lead ÷ the conversion of leads, or it is what
// was spent ([Spend]) in the month and channel of the customer's first purchase,
// shared by the customers won there; never both. It is charged to the first
// purchase and to no other. A cancelled order is no purchase, so that the next
// one is then the first and bears the cost. Customers who may have bought before
// the export begins cost nothing.
//
// # Two paybacks
//
// [Payback] is counted from data: all acquired customers, those who never
// returned included. [Model.Payback] supposes that every customer returns. The
// two answer different questions and are never mixed.
package ltv
