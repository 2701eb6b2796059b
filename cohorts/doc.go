// Package cohorts tells who came and who came back.
//
// There are two questions:
//
//   - [RepeatShare]: how much of each period's business is repeat business, as
//     an interval, for an export does not know who bought before it began;
//   - [Tabulate]: of the customers won in a period, how many come back in each
//     period after it, and what they bring.
//
// [Maturity] reads a share as a level of the sales department's maturity.
//
// Both read [orders.Facts] and decide nothing that was decided there: what a
// purchase is, which one is a customer's first, and on which side its money
// is. A "deal" in the name of a figure is a purchase. Results are plain values
// that keep nothing of the Facts; treat them as immutable.
package cohorts
