// Package segments sorts customers by what to do with them: by how often and
// how lately they bought (the behaviour grid), and by recency, frequency and
// money (RFM).
//
//	grid, err := segments.Grid(ctx, sales, segments.GridOptions{})
//	rfm, err := segments.RFM(ctx, sales, segments.RFMOptions{})
//
// Both are as of a day, by default the last of the export; both put every
// customer with a purchase into exactly one place, and count those without a
// purchase apart, so that their money adds up to that of all identified
// customers.
//
// A sales plan is by salesperson and month, new and repeat sales apart; once the
// month has begun it holds plan against fact:
//
//	plan, err := segments.Plan(ctx, sales, segments.PlanOptions{})
package segments
