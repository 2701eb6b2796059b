package orders

import (
	"context"
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRates(t *testing.T) {
	rates := &Mapping{Currency: "RUB", Rates: Rates{"USD": 925_000, "тенге": 1_834}} // 92.5 and 0.1834
	for _, c := range []struct {
		name, in string
		m        *Mapping
		o        Options
		want     string
	}{
		{name: "a column of currencies", in: `
date,customer,revenue,cost,quantity,currency
2024-01-31,a,10.10,5,3,Доллар США
2024-01-31,b,1000,,1,Российский рубль
2024-02-01,c,33.33,11.11,1,KZT
2024-02-01,d,7,,1,
2024-02-01,e,-10,-5,-3,$
`, m: rates, want: `
currency RUB
2024-01-31 customer=a quantity=3 revenue=934.25 cogs=462.5
2024-01-31 customer=b quantity=1 revenue=1000
2024-02-01 customer=c quantity=1 revenue=6.1127 cogs=2.0376
rounded 0
rounded 0
2024-02-01 customer=d quantity=1 revenue=7
2024-02-01 customer=e quantity=-3 revenue=-925 cogs=-462.5
`},
		{name: "quantity times price is rounded once", in: `
order,date,customer,quantity,price,currency
1,2024-01-31,a,0.3333,0.0001,USD
2,2024-01-31,a,3,0.1,RUB
`, m: rates, want: `
currency RUB
2024-01-31 customer=a order=1 quantity=0.3333 revenue=0.0031
rounded 0
2024-01-31 customer=a order=2 quantity=3 revenue=0.3
`},
		{name: "profit makes the cost", in: `
date,customer,revenue,profit,currency
2024-01-31,a,100,40,USD
`, m: rates, want: `
currency RUB
2024-01-31 customer=a revenue=9250 cogs=5550
`},
		{name: "the header names the currency", in: `
date,customer,"revenue, USD"
2024-01-31,a,2
Total,,2
`, m: rates, want: `
currency RUB
2024-01-31 customer=a revenue=185
skip total 185
stated 185
`},
		{name: "rejected and open rows too, and a total of two currencies is none", in: `
date,customer,revenue,status,currency
soon,a,2,won,USD
2024-01-31,b,3,new,USD
2024-01-31,c,4,won,RUB
Total,,9,,
`, m: rates, want: `
currency RUB
reject 2/2 column 1 date(date) bad_date "soon" money 185
skip not_won 277.5
2024-01-31 customer=c revenue=4
skip total 9
`},
		{name: "in strict mode a conversion may round, a cell not", in: `
date,customer,revenue,currency
2024-01-31,a,33.33,KZT
`, m: rates, o: Options{Strict: true}, want: `
currency RUB
2024-01-31 customer=a revenue=6.1127
rounded 0
`},
		{name: "without rates the mapping's currency is that of who says none", in: `
date,customer,revenue,currency
2024-01-31,a,10,
2024-01-31,b,10,eur
`, m: &Mapping{Currency: "EUR"}, want: `
currency EUR
2024-01-31 customer=a revenue=10
2024-01-31 customer=b revenue=10
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Mapping = c.m
			got, err := transcribe(strings.TrimPrefix(c.in, "\n"), c.o)
			if err != nil {
				t.Fatal(err)
			}
			if sorted, want := got.String(), strings.TrimPrefix(c.want, "\n"); lessRounded(sorted) != lessRounded(want) {
				t.Errorf("got\n%s\nwant\n%s", sorted, want)
			}
		})
	}
}

// lessRounded returns a transcript without what was rounded away, which
// TestRatesProperty adds up.
func lessRounded(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, "rounded ") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestRatesErrors(t *testing.T) {
	rates := &Mapping{Currency: "RUB", Rates: Rates{"USD": 925_000}}
	for _, c := range []struct {
		name, in string
		o        Options
		sentinel error
		want     string
	}{
		{"a row without a rate", "date,customer,revenue,currency\n2024-01-31,a,1,USD\n2024-01-31,a,1,Евро\n", Options{Mapping: rates}, ErrCurrency,
			`orders: f.csv: row 3, column 4 (currency): Mapping.Rates, which convert into RUB, have no rate of this currency: "EUR"`},
		{"a header without a rate", "date,customer,\"revenue, EUR\"\n2024-01-31,a,1\n", Options{Mapping: rates}, ErrCurrency, `f.csv: row 1: Mapping.Rates`},
		{"two currencies and no rates", "date,customer,revenue,currency\n2024-01-31,a,1,USD\n", Options{Mapping: &Mapping{Currency: "RUB"}}, ErrCurrency, "Options.Mapping.Currency says RUB"},
		{"a filter beside rates", "", Options{Mapping: rates, Currency: "USD"}, ErrOptions, "Currency beside Mapping.Rates"},
		{"a filter beside another currency", "", Options{Mapping: &Mapping{Currency: "RUB"}, Currency: "USD"}, ErrOptions, "Currency = USD beside Mapping.Currency = RUB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(context.Background(), "f.csv", strings.NewReader(c.in), c.o)
			if !errors.Is(err, c.sentinel) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// TestRatesProperty: every amount is what exact arithmetic makes of it, rounded
// half away from zero, and what was rounded stands in the reconciliation.
func TestRatesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := Amount(rapid.Int64Range(1, 2_000_000).Draw(t, "rate"))
		var b strings.Builder
		b.WriteString("date,customer,revenue,currency\n")
		exact, want := new(big.Rat), Amount(0)
		for range rapid.IntRange(1, 20).Draw(t, "rows") {
			a := Amount(rapid.Int64Range(-1e12, 1e12).Draw(t, "amount"))
			currency := rapid.SampledFrom([]string{"USD", "RUB", ""}).Draw(t, "currency")
			b.WriteString("2024-01-31,a," + a.String() + "," + currency + "\n")
			if currency == "USD" {
				exact.Add(exact, new(big.Rat).Mul(big.NewRat(int64(a), 1), big.NewRat(int64(rate), int64(One))))
				if a, _, _ = a.MulDiv(int64(rate), int64(One)); true {
					want += a
				}
				continue
			}
			exact.Add(exact, big.NewRat(int64(a), 1))
			want += a
		}
		h, err := Read(context.Background(), "f.csv", strings.NewReader(b.String()), Options{Mapping: &Mapping{Currency: "RUB", Rates: Rates{"USD": rate}}})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Release()
		c, _ := h.Control(context.Background())
		if c.Export != want || c.Currency != "RUB" {
			t.Errorf("the export is %s %s, want %s", c.Export, c.Currency, want)
		}
		off := new(big.Rat).Sub(big.NewRat(int64(c.Export-c.Rounded), 1), exact)
		if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
			t.Errorf("%s less the %s rounded is off by %s units", c.Export, c.Rounded, off.FloatString(6))
		}
	})
}
