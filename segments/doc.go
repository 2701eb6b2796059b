// Package segments says whom to work with, and how much that is to bring: it
// sorts customers by how often and how lately they bought (the behaviour grid)
// and by recency, frequency and money (RFM), lists whom to call today, and makes
// the sales plan.
//
//	grid, err := segments.Grid(ctx, sales, segments.GridOptions{})
//	moved, err := segments.Transitions(ctx, sales, segments.TransitionOptions{})
//	rfm, err := segments.RFM(ctx, sales, segments.RFMOptions{})
//
// Grid and RFM are as of a day, by default the last of the export; both put
// every customer with a purchase into exactly one place, and count those without
// a purchase apart, so that their money adds up to that of all identified
// customers. Transitions are two grids and who moved from cell to cell: rows add
// up to the first, columns to the second.
//
// A sales plan is by salesperson and month, new and repeat sales apart; once the
// month has begun it holds plan against fact:
//
//	plan, err := segments.Plan(ctx, sales, segments.PlanOptions{})
//
// [Lapse] holds each customer to the rhythm of their own purchases, and says when
// the next one is expected and how late it is; [LapseResult.Calls] makes of it the
// call list of a day, the most money at stake first, where that money is a plain
// value that package ltv, or anybody, may give; [Contacts] holds the touches of
// customers to a norm for each class.
package segments
