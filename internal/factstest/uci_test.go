package factstest_test

import (
	"testing"

	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

// TestOnlineRetail holds both implementations to totals of Online Retail: rows,
// money, customers and orders as published with the data (541,909 rows; with a
// customer and without cancellations 397,884 of positive price, 18,532 orders,
// 4,338 customers, 8,911,407.904), the others counted from the same file by a
// short program in another language, the estimate and q included.
func TestOnlineRetail(t *testing.T) {
	if testing.Short() {
		t.Skip("half a million lines, several times")
	}
	lines := published.OnlineRetail(t)
	tests := []struct {
		name                       string
		options                    orders.Options
		identified                 string
		customers, twice, purchase int64 // with a purchase; with two; purchases
		burnIn                     int
	}{
		{"C cancelled, per day", orders.Options{Cancel: []string{"C"}}, "8911407.904", 4338, 2790, 16763, 159},
		{"C cancelled, per deal", orders.Options{Cancel: []string{"C"}, Purchase: orders.PerDeal}, "8911407.904", 4338, 2845, 18532, 159},
		{"C returned, per day", orders.Options{Return: []string{"C"}}, "8300065.814", 4334, 2777, 16608, 160},
	}
	each(t, func(t *testing.T, open opener) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				f := open(t, lines, test.options)
				c := control(t, f)
				var twice int64
				for customer, err := range f.Customers(t.Context(), orders.CustomerQuery{}) {
					if err != nil {
						t.Fatal(err)
					}
					if customer.Purchases > 1 {
						twice++
					}
				}
				for what, pair := range map[string][2]any{
					"rows read": {c.RowsRead, int64(541909)}, "export": {c.Export, amount("9747747.934")},
					"sum of its parts": {c.Identified + c.Anonymous + c.Cancelled, c.Export}, "identified": {c.Identified, amount(test.identified)},
					"customers": {c.Customers, test.customers}, "with two purchases": {twice, test.twice}, "purchases": {c.Purchases, test.purchase},
					"span": {c.Span(), 374}, "burn-in": {c.BurnIn, test.burnIn}, "q to a hundredth": {int(100 * c.LateOld), 33},
				} {
					if pair[0] != pair[1] {
						t.Errorf("%s: %v, want %v", what, pair[0], pair[1])
					}
				}
			})
		}
	})
}
