package orders

import (
	"bytes"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
)

// currencies keeps amounts of two currencies apart, over all files.
type currencies struct {
	code  string   // of the rows so far; "" before the first that says it
	text  []byte   // the cell last read
	iso   string   // its code
	first RowError // the place that set code
}

// otherCurrency reports whether a row was skipped for its currency.
func (r *rowReader) otherCurrency(cells [][]byte) (bool, error) {
	c := &r.in.currency
	b := cell.Trim(cells[r.col.currency])
	if len(b) == 0 {
		return false, nil
	}
	iso := r.in.currencyOf(b)
	if len(r.l.Rates) > 0 {
		if _, ok := r.l.rate(iso); !ok {
			return false, r.l.noRate(RowError{Row: r.at.Row, Line: r.at.Line, Column: r.col.currency + 1, Header: r.l.header.names[r.col.currency], Value: iso})
		}
		return false, nil
	}
	if iso == c.code {
		return false, nil
	}
	if r.in.o.Currency != "" && c.code != "" {
		r.in.sink.skip(OtherCurrency, 0)
		return true, nil
	}
	at := r.place()
	at.Column, at.Header, at.Role, at.Value = r.col.currency+1, r.l.header.names[r.col.currency], RoleCurrency, c.iso
	return false, r.in.setCurrency(at)
}

// currencyOf returns the code of the currency in a cell.
func (in *intake) currencyOf(b []byte) string {
	c := &in.currency
	if !bytes.Equal(b, c.text) {
		c.text = append(c.text[:0], b...)
		c.iso = currencyCode(string(b))
	}
	return c.iso
}

// setCurrency takes over the currency that a row or a header names.
func (in *intake) setCurrency(at RowError) error {
	c := &in.currency
	switch {
	case c.code == "":
		c.code, c.first = at.Value, at
		in.sink.setCurrency(at.Value)
	case c.code != at.Value:
		return &CurrencyError{c.first, at}
	}
	return nil
}

// currencyNames maps normalised names and signs to ISO 4217 codes.
var currencyNames = map[string]string{
	"российскийрубль": "RUB", "рубль": "RUB", "рубли": "RUB", "руб": "RUB", "р": "RUB", "₽": "RUB", "rur": "RUB", "rub": "RUB", "643": "RUB", "810": "RUB",
	"долларсша": "USD", "доллар": "USD", "доллары": "USD", "$": "USD", "usdollar": "USD", "usd": "USD", "840": "USD",
	"евро": "EUR", "€": "EUR", "euro": "EUR", "eur": "EUR", "978": "EUR",
	"тенге": "KZT", "казахстанскийтенге": "KZT", "тг": "KZT", "тнг": "KZT", "kzt": "KZT", "₸": "KZT", "398": "KZT",
	"белорусскийрубль": "BYN", "byn": "BYN", "гривна": "UAH", "украинскаягривна": "UAH", "грн": "UAH", "₴": "UAH",
	"узбекскийсум": "UZS", "сум": "UZS", "киргизскийсом": "KGS", "сом": "KGS",
	"китайскийюань": "CNY", "юань": "CNY", "фунтстерлингов": "GBP", "£": "GBP", "britishpound": "GBP", "poundsterling": "GBP",
}

// currencyCode returns the ISO code of a currency written in any way; a name
// that is not known stands for itself, in capitals.
func currencyCode(text string) string {
	text = strings.TrimSpace(text)
	if iso, ok := currencyNames[letters(text)]; ok {
		return iso
	}
	if iso, ok := currencyNames[text]; ok {
		return iso
	}
	return strings.ToUpper(text)
}

// currencyIn returns the currency that a header names behind a comma, in
// brackets or by its sign; "" if it names none.
func currencyIn(header string) string {
	unit := ""
	header = strings.TrimSpace(header)
	if i := strings.IndexAny(header, "(["); i >= 0 {
		if j := strings.IndexAny(header[i:], ")]"); j > 0 {
			unit = header[i+1 : i+j]
		}
	} else if i := strings.LastIndexByte(header, ','); i >= 0 {
		unit = header[i+1:]
	} else if i := strings.LastIndexByte(header, ' '); i >= 0 {
		unit = header[i+1:]
	}
	unit = strings.TrimSpace(unit)
	last := unit[strings.LastIndexByte(unit, ' ')+1:] // of «тыс. руб.»
	for _, s := range []string{unit, last} {
		if iso := currencyCode(s); slices.Contains(currencyCodes, iso) {
			return iso
		}
	}
	return ""
}

// currencyCodes are the codes that a header is searched for.
var currencyCodes = []string{"RUB", "USD", "EUR", "KZT", "BYN", "UAH", "UZS", "KGS", "CNY", "GBP"}
