// Package cohorts tells who came and who came back.
//
// There are six questions:
//
//   - [RepeatShare]: how much of each period's business is repeat business, as
//     an interval, for an export does not know who bought before it began;
//     [Repeat.Diagnosis] says why it is as wide as it is, and [Repeat.Maturity]
//     reads it as a level of the sales department's maturity;
//   - [SplitShare]: the same for each salesperson, owner, channel or group;
//   - [Roles]: who of the salespersons wins customers and who keeps them, and what
//     became of those who were handed over;
//   - [Flags]: how far the CRM's own repeat flag agrees;
//   - [Tabulate]: of the customers won in a period, how many come back at each age,
//     and what they bring; [Table.LTV] sets that against what it cost to win them;
//   - [RevenueRetention]: how much of the revenue of a year ago its customers
//     bring today.
//
// All read [orders.Facts] and decide nothing that was decided there: what a
// purchase is, which one is a customer's first, and on which side its money
// is. A "deal" in the name of a figure is a purchase. Results are plain values
// that keep nothing of the Facts; treat them as immutable.
package cohorts
