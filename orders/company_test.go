package orders_test

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/internal/exports"
	"github.com/repeatsales/repeatsales/orders"
)

// TestCompanyInAllFormats writes the company of testdata as each system would
// export it, reads that without any option, and compares: deal by deal with
// what the format holds, and the figures with those of testdata/company.csv.
func TestCompanyInAllFormats(t *testing.T) {
	c := company.Generate(1)
	for _, f := range exports.Formats() {
		t.Run(f.Name, func(t *testing.T) {
			var file bytes.Buffer
			if err := f.Write(&file, c.Sold); err != nil {
				t.Fatal(err)
			}
			h, err := orders.Read(context.Background(), f.File, &file, orders.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Release()
			if rejected := h.Rejects(); len(rejected) > 0 {
				t.Errorf("%d rows are rejected; the first: %v", len(rejected), &rejected[0])
			}
			want := collect(t, slices.Values(f.Held(c.Sold)), f.Precision)
			defer want.Release()
			compareDeals(t, h, want, f)
			if f.Precision == orders.Day { // without days there are no purchases as the company knows them
				compareFigures(t, h, c, f)
			}
		})
	}
}

func collect(t *testing.T, lines iter.Seq[orders.Line], precision orders.Grain) *orders.History {
	t.Helper()
	h, err := orders.Collect(context.Background(), func(yield func(orders.Line, error) bool) {
		for l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}, orders.Options{Precision: precision})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// compareDeals compares two histories deal by deal in all that both hold.
func compareDeals(t *testing.T, got, want *orders.History, f exports.Format) {
	t.Helper()
	held := func(h *orders.History) []orders.Deal {
		list := slices.Collect(h.Deals())
		for i := range list {
			list[i].Tally.Lines = 0 // which free goods on Shopify's second lines may be or not
			if !f.Quantities {
				list[i].Quantity = 0
			}
			if f.File == "shopify.csv" {
				list[i].Channel, list[i].Salesperson = "", ""
			}
		}
		return list
	}
	a, b := held(got), held(want)
	if len(a) != len(b) {
		t.Errorf("%d deals, want %d", len(a), len(b))
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("deal %d is\n%+v\nwant\n%+v", i, a[i], b[i])
		}
	}
}

// compareFigures compares the figures of a format with those of the plain
// export of the same company, as far as the format can hold them: no format
// says which sale a return takes back, and Shopify has no returns at all.
func compareFigures(t *testing.T, h *orders.History, c *company.Company, f exports.Format) {
	t.Helper()
	plain := collect(t, func(yield func(orders.Line) bool) {
		for l := range c.Lines() {
			l.Base = ""
			if strings.HasPrefix(f.Name, "Shopify") && strings.HasPrefix(l.Order, "ВЗ") || strings.HasPrefix(f.Name, "1C") && l.Cancelled {
				continue
			}
			if !yield(l) {
				return
			}
		}
	}, orders.Day)
	defer plain.Release()
	got, want := figuresOf(t, h), figuresOf(t, plain)
	if got != want {
		t.Errorf("the figures are\n%+v\nwant\n%+v", got, want)
	}
}

// figures are what reports begin with.
type figures struct {
	firstDay, lastDay                        orders.Date
	export, identified, anonymous, cancelled orders.Amount
	customers, deals, purchases              int64
	first, repeat, unknown, unmatched        orders.Amount // revenue by side: what repeat shares are made of
}

func figuresOf(t *testing.T, h *orders.History) figures {
	t.Helper()
	c, err := h.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var sides orders.Sides
	for d := range h.Deals() {
		sides.Of(d.Side).Revenue += d.Tally.Revenue
	}
	return figures{
		c.FirstDay, c.LastDay, c.Export, c.Identified, c.Anonymous, c.Cancelled, c.Customers, c.Deals, c.Purchases,
		sides.First.Revenue, sides.Repeat.Revenue, sides.Unknown.Revenue, sides.Unmatched.Revenue,
	}
}
