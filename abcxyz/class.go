package abcxyz

// ABC is a class by share of the measure. The zero ABC is [N].
type ABC uint8

// The ABC classes. A ranking has as many as its bounds make, from A on; those
// after E are E + 1 and so on to M, the thirteenth, so that no letter is N's.
const (
	N ABC = iota // total not positive: outside the base of all shares
	A
	B
	C
	D
	E
)

// maxClasses is how many ABC classes there are before N's own letter.
const maxClasses = 'N' - 'A'

// String returns "A", "B" … "M" or "N".
func (c ABC) String() string {
	const letters = "NABCDEFGHIJKLM"
	if int(c) < len(letters) {
		return letters[c : c+1]
	}
	return "?"
}

// MarshalText writes c as [ABC.String] does.
func (c ABC) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// XYZ is a class by steadiness. The zero XYZ is [Undefined], so that nothing is
// steady by default.
type XYZ uint8

// The XYZ classes.
const (
	Undefined XYZ = iota // too little data, or a mean that is not positive: see the item's XYZReason
	X                    // steady
	Y                    // variable
	Z                    // erratic
	OneOff               // one purchase, whose CV would only tell how long the window is
)

// xyzOrder is the order in which classes are shown.
var xyzOrder = [...]XYZ{X, Y, Z, OneOff, Undefined}

// column returns the index of c in xyzOrder.
func (c XYZ) column() int {
	if c == Undefined {
		return len(xyzOrder) - 1
	}
	return int(c) - 1
}

// String returns "X", "Y", "Z", "one-off", or "–" (an en dash) for Undefined.
func (c XYZ) String() string { return name(c, "–", "X", "Y", "Z", "one-off") }

// MarshalText writes c as [XYZ.String] does.
func (c XYZ) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Reason is a short stable code of why an item has class [N] or [Undefined]; ""
// if it has neither.
type Reason string

// The reasons.
const (
	NotPositive     Reason = "not_positive"      // N and –: returns, or costs, outweigh sales, so that σ ÷ μ says nothing
	NoBase          Reason = "no_base"           // N: the item is above zero, but the total that UNF takes for its base is not
	CostUnknown     Reason = "cost_unknown"      // N and –: a measure of profit, and no cost of the item is known
	FewPeriods      Reason = "few_periods"       // –: fewer than 3 whole periods
	FewGaps         Reason = "few_gaps"          // –: fewer than 5 gaps between purchases
	MeanNotPositive Reason = "mean_not_positive" // –: the total is positive, but that of the whole periods is not
)

// name returns the name of enumerator c, "?" if it has none.
func name[T ~uint8](c T, names ...string) string {
	if int(c) < len(names) {
		return names[c]
	}
	return "?"
}
