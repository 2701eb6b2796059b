package ltv

// EqualPart is what a new customer bears of what was spent.
var EqualPart = equalPart
