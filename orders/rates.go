package orders

import (
	"fmt"

	"github.com/repeatsales/repeatsales/internal/cell"
)

// rate returns what one unit of the currency is worth in the one that amounts
// are converted into; ok is false if the rates do not say.
func (l *layout) rate(iso string) (rate Amount, ok bool) {
	if iso == "" || iso == l.Currency {
		return One, true
	}
	rate, ok = l.Rates[iso]
	return rate, ok
}

// noRate returns the error that the currency at a place, its Value, has no rate.
func (l *layout) noRate(at RowError) error {
	at.File, at.Role, at.Reason, at.Err = l.File, RoleCurrency, NoRate, ErrCurrency
	at.Text = fmt.Sprintf("Mapping.Rates, which convert into %s, have no rate of this currency", l.Currency)
	return &at
}

// rateOf returns the rate of a row's amounts: that of its own currency, or of
// the file's; if there is none, which otherCurrency will say, 1.
func (r *rowReader) rateOf(cells [][]byte) Amount {
	if len(r.l.Rates) == 0 || r.col.currency < 0 || len(cell.Trim(cells[r.col.currency])) == 0 {
		return r.l.base
	}
	if rate, ok := r.l.rate(r.in.currencyOf(cell.Trim(cells[r.col.currency]))); ok {
		return rate
	}
	return One
}

// exchange converts money of the row.
func (r *rowReader) exchange(n cell.Number, column int) (cell.Number, fault) {
	if r.rate == One {
		return n, fault{}
	}
	product, err := cell.Mul(n, cell.Number{Units: int64(r.rate)})
	if err != nil {
		return n, fault{NumberRange, column, fmt.Sprintf("converted at %s it is more than an amount holds", r.rate)}
	}
	return product, fault{}
}
