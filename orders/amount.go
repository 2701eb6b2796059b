package orders

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// Amount is an exact quantity of money, goods or events, counted in
// 1/10,000 of a unit: Amount(12_345) is 1.2345. It adds, subtracts and
// compares with Go's own operators; the range is ±922 trillion, that of SQL
// Server's money type. Ingest refuses an export whose absolute values add up
// to more than 2⁶² such parts, so that no sum over a [History] can overflow.
//
// Multiply an Amount by a plain integer, or by another Amount with [Amount.Mul];
// never by another Amount with *.
type Amount int64

// One is the Amount of one unit: one rouble, one piece, one purchase.
const One Amount = 10_000

// Places is the number of decimal places that an Amount holds.
const Places = 4

// ErrRange reports a number that an [Amount] cannot hold: out of range, or with more
// than four decimal places.
var ErrRange = errors.New("orders: number does not fit an amount")

// ParseAmount returns the Amount written in s as a plain decimal number: an
// optional sign, digits, and at most four decimal places after a dot. It
// returns [ErrRange] (wrapped) for a number that does not fit and a syntax
// error for anything else; it never rounds.
func ParseAmount(s string) (Amount, error) {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return 0, fmt.Errorf("orders: %q is not a number", s)
	}
	return FromDecimal(d)
}

// FromDecimal returns the Amount equal to d, or [ErrRange] (wrapped) if there is none.
func FromDecimal(d decimal.Decimal) (Amount, error) {
	if d.Exponent() > 18 || d.Exponent() < -1000 {
		return 0, fmt.Errorf("%w: exponent %d", ErrRange, d.Exponent())
	}
	units := d.Shift(Places)
	if !units.IsInteger() || !units.BigInt().IsInt64() {
		return 0, fmt.Errorf("%w: %s", ErrRange, d)
	}
	return Amount(units.IntPart()), nil
}

// Decimal returns a as a decimal.Decimal, exactly.
func (a Amount) Decimal() decimal.Decimal { return decimal.New(int64(a), -Places) }

// amountOf returns v rounded half away from zero to four places.
func amountOf(v float64) (Amount, error) {
	if units := math.Round(v * float64(One)); math.Abs(units) < 1<<63 {
		return Amount(units), nil
	}
	return 0, fmt.Errorf("%w: %v", ErrRange, v)
}

// Float64 returns the double nearest to a: for statistics and Excel cells, never for sums.
func (a Amount) Float64() float64 { return float64(a) / float64(One) }

// String returns a as a plain decimal number without trailing zeros: "-1234.5".
func (a Amount) String() string {
	b, _ := a.AppendText(nil)
	return string(b)
}

// AppendText appends a as [Amount.String] writes it. The error is always nil.
func (a Amount) AppendText(b []byte) ([]byte, error) {
	u := uint64(a)
	if a < 0 {
		b = append(b, '-')
		u = -u
	}
	b = strconv.AppendUint(b, u/uint64(One), 10)
	frac := u % uint64(One)
	if frac == 0 {
		return b, nil
	}
	digits := [5]byte{'.', byte('0' + frac/1000), byte('0' + frac/100%10), byte('0' + frac/10%10), byte('0' + frac%10)}
	n := len(digits)
	for digits[n-1] == '0' {
		n--
	}
	return append(b, digits[:n]...), nil
}

// MarshalText writes a as a plain decimal number, so that JSON holds it as a
// string and no reader turns it into a float.
func (a Amount) MarshalText() ([]byte, error) { return a.AppendText(nil) }

// UnmarshalText reads what [Amount.MarshalText] wrote; see [ParseAmount].
func (a *Amount) UnmarshalText(text []byte) error {
	v, err := ParseAmount(string(text))
	if err == nil {
		*a = v
	}
	return err
}

// Value implements driver.Valuer: a goes to a database as a decimal string.
func (a Amount) Value() (driver.Value, error) { return a.String(), nil }

// Scan implements sql.Scanner for integers, decimal strings and floats. A
// float is read as the shortest decimal number that denotes it. NULL is an
// error: scan a nullable column into a [NullAmount].
func (a *Amount) Scan(src any) error {
	var err error
	switch v := src.(type) {
	case int64:
		*a, err = FromDecimal(decimal.NewFromInt(v))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: %v", ErrRange, v)
		}
		*a, err = FromDecimal(decimal.NewFromFloat(v))
	case []byte:
		err = a.UnmarshalText(v)
	case string:
		err = a.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("orders: cannot scan %T into an Amount", src)
	}
	return err
}

// Abs returns |a|.
func (a Amount) Abs() Amount {
	if a < 0 {
		return -a
	}
	return a
}

// Mul returns a × b rounded half away from zero to four places, and whether
// the product was exact. It returns [ErrRange] (wrapped) if the product is out of range.
func (a Amount) Mul(b Amount) (product Amount, exact bool, err error) {
	return a.MulDiv(int64(b), int64(One))
}

// MulDiv returns a × num ÷ den rounded half away from zero, and whether the
// quotient was exact. It returns [ErrRange] (wrapped) for den = 0 and for a
// quotient out of range.
func (a Amount) MulDiv(num, den int64) (quotient Amount, exact bool, err error) {
	if den == 0 {
		return 0, false, fmt.Errorf("%w: division by zero", ErrRange)
	}
	negative := (a < 0) != (num < 0) != (den < 0)
	hi, lo := bits.Mul64(magnitude(int64(a)), magnitude(num))
	d := magnitude(den)
	if hi >= d {
		return 0, false, fmt.Errorf("%w: %s × %d ÷ %d", ErrRange, a, num, den)
	}
	q, r := bits.Div64(hi, lo, d)
	if r >= d-r && r != 0 {
		q++
	}
	if q > math.MaxInt64 {
		return 0, false, fmt.Errorf("%w: %s × %d ÷ %d", ErrRange, a, num, den)
	}
	quotient = Amount(q)
	if negative {
		quotient = -quotient
	}
	return quotient, r == 0, nil
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// Split divides a over the weights in whole multiples of unit (0: the kopeck,
// 0.01) by the method of the largest remainder, ties to the earlier weight:
// the parts add up to a exactly, what unit does not divide going to the first
// part that gets anything. Negative weights count as zero; if all are zero the
// parts are equal but for the remainder. No weights give no parts.
// Source: Hamilton's method of apportionment.
func (a Amount) Split(unit Amount, weights []Amount) []Amount {
	if len(weights) == 0 {
		return nil
	}
	if unit <= 0 {
		unit = One / 100
	}
	w := make([]*big.Int, len(weights))
	total := new(big.Int)
	for i, v := range weights {
		w[i] = big.NewInt(int64(max(v, 0)))
		total.Add(total, w[i])
	}
	if total.Sign() == 0 {
		for i := range w {
			w[i].SetInt64(1)
		}
		total.SetInt64(int64(len(w)))
	}
	whole, rest := a.Abs()/unit, a.Abs()%unit
	parts := make([]Amount, len(weights))
	remainders := make([]*big.Int, len(weights))
	order := make([]int, len(weights))
	left := whole
	for i := range w {
		q, r := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(int64(whole)), w[i]), total, new(big.Int))
		parts[i], remainders[i], order[i] = Amount(q.Int64()), r, i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(i, j int) int { return remainders[j].Cmp(remainders[i]) })
	for _, i := range order[:left] {
		parts[i]++
	}
	spare := max(0, slices.IndexFunc(parts, func(p Amount) bool { return p > 0 }))
	if whole == 0 {
		spare = max(0, slices.IndexFunc(w, func(v *big.Int) bool { return v.Sign() > 0 }))
	}
	for i := range parts {
		parts[i] *= unit
		if i == spare {
			parts[i] += rest
		}
		if a < 0 {
			parts[i] = -parts[i]
		}
	}
	return parts
}

// NullAmount is an Amount that may be unknown: a cost that the export does not
// give is not a cost of zero. The zero NullAmount is unknown.
type NullAmount struct {
	Amount Amount
	Known  bool
}

// Known returns a as a known NullAmount.
func Known(a Amount) NullAmount { return NullAmount{a, true} }

// String returns the amount as [Amount.String] does, "" if it is unknown.
func (n NullAmount) String() string {
	if !n.Known {
		return ""
	}
	return n.Amount.String()
}

// MarshalJSON writes the amount as a string, null if it is unknown.
func (n NullAmount) MarshalJSON() ([]byte, error) {
	if !n.Known {
		return []byte("null"), nil
	}
	return strconv.AppendQuote(nil, n.Amount.String()), nil
}

// UnmarshalJSON reads what [NullAmount.MarshalJSON] wrote.
func (n *NullAmount) UnmarshalJSON(b []byte) error {
	*n = NullAmount{}
	if string(b) == "null" {
		return nil
	}
	s, err := strconv.Unquote(string(b))
	if err != nil {
		return fmt.Errorf("orders: amount %s is not a JSON string", b)
	}
	n.Known = true
	return n.Amount.UnmarshalText([]byte(s))
}

// Value implements driver.Valuer; an unknown amount is NULL.
func (n NullAmount) Value() (driver.Value, error) {
	if !n.Known {
		return nil, nil
	}
	return n.Amount.Value()
}

// Scan implements sql.Scanner; NULL is unknown.
func (n *NullAmount) Scan(src any) error {
	*n = NullAmount{}
	if src == nil {
		return nil
	}
	n.Known = true
	return n.Amount.Scan(src)
}
