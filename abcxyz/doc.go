// Package abcxyz says what carries the business and how steadily: ABC classes
// by share of a measure, XYZ classes by its variation, the matrix of both, and
// the core list of customers who can be counted on.
//
// There is one noun, the [Ranking], and one verb, [Rank], that gives it. The
// others are a question about rankings each: [RankMeasures] ranks by several
// measures at once, [RankSplit] within each salesperson or group, [Core] lists
// the regular customers, [Compare] says why another system's classes differ,
// [Migrate] and [Resample] how far classes move and can be relied on, [Top] and
// the [Concentration] of a ranking who leads. All read nothing but [orders.Facts]. Results are plain values, the same on any number of cores;
// treat them as immutable. They own no Arrow memory, and hold nothing of the
// Facts that they came from.
//
//	r, err := abcxyz.Rank(ctx, sales, abcxyz.Options{By: orders.ByProduct})
//	if err != nil {
//		return err
//	}
//	for _, item := range r.Items {
//		fmt.Println(item.Name, item.Value, item.Class())
//	}
//
// # What is never done
//
// No share is compared in floats: 50, 30 and 20 are A, A and B. No item is
// hidden: what a rule cannot judge is N or –, with a [Reason], and every sum
// adds up to the total. No item is X for want of data.
package abcxyz
