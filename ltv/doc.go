// Package ltv computes what a customer is worth: the profit of first and of
// repeat purchases side by side, when an acquired customer has paid back what
// winning them cost, and each customer's value to date.
//
//	profit, err := ltv.DealProfit(ctx, sales, costs)    // from an export, with assumptions
//	example, err := ltv.WhatIf(costs)                   // from assumptions alone
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
// # Two paybacks
//
// [Payback] is counted from data: all acquired customers, those who never
// returned included. [Model.Payback] supposes that every customer returns. The
// two answer different questions and are never mixed.
package ltv
