package ltv

import "errors"

// ErrUnknown reports that a question needs a profit that is not known: the
// export has no cost of goods and none is assumed, or there were no first or
// no repeat purchases.
var ErrUnknown = errors.New("ltv: the profit of a first and of a repeat purchase is not known")
