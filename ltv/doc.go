// Package ltv computes what a customer is worth: the profit of first and of
// repeat purchases side by side, when an acquired customer has paid back what
// winning them cost, each customer's value to date, and what they are expected
// to bring from now on.
//
//	profit, err := ltv.DealProfit(ctx, sales, costs)    // from an export, with assumptions
//	example, err := ltv.WhatIf(costs)                   // from assumptions alone
//	by, err := ltv.SplitProfit(ctx, sales, options)     // by salesperson, channel, product group or cohort
//	won, err := ltv.Acquire(ctx, sales, options)        // spend and leads beside the new customers of the export
//	paid, err := ltv.Paybacks(ctx, sales, options)      // when each cohort or channel paid back
//	customers, err := ltv.Historic(ctx, sales, ltv.HistoricOptions{Costs: costs})
//	future, err := ltv.Predict(ctx, sales, ltv.PredictOptions{AnnualDiscount: 0.15})
//	tested, err := ltv.Validate(ctx, sales, ltv.ValidateOptions{})
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
//
// # What is predicted, and how far to trust it
//
// [Predict] foretells every customer by a model of purchases ([MBGNBD] or
// [ParetoNBD], chosen by how they would have foretold the recent past) and one
// of what a purchase is worth ([GammaGamma], or [NormalNormal] where margins
// may be losses). Its intervals hold what the customer really does with the probability
// they say, as far as customers go on as they did: see [Future]. Data that are
// too few for that are a warning, never a refusal.
//
// [Validate] puts all models to the test on days that they have not seen, beside
// baselines that need no model. It says by how much the sum was missed; ten or fifteen per cent
// are common, for no model knows the next season or campaign.
//
// Models by themselves are structs of the parameters of their papers, fitted by
// [FitProcess], [FitMonetary] and [FitMargins] to what [Summarize] makes of an
// export. A fitted model is a few hundred bytes of JSON: [Saved].
package ltv
