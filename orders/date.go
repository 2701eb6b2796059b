package orders

import (
	"fmt"
	"time"
)

// Date is a calendar day without a time or a zone, counted from 1 for
// 0001-01-01. The zero Date is no date. Dates subtract to days and compare
// with Go's own operators; d+7 is a week later.
type Date int32

// unixEpoch is the Date of 1970-01-01.
const unixEpoch Date = 719_163

// NewDate returns the Date of a year, month and day, normalised as [time.Date]
// does: 31 February is 2 or 3 March.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the calendar day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	seconds := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()
	days := seconds / 86_400
	if seconds%86_400 < 0 {
		days--
	}
	return Date(days) + unixEpoch
}

// ParseDate reads an ISO 8601 calendar date, "2024-02-29".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("orders: %q is not a date like 2024-02-29", s)
	}
	return DateOf(t), nil
}

// Time returns midnight UTC of d; the zero time for the zero Date.
func (d Date) Time() time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Unix(int64(d-unixEpoch)*86_400, 0).UTC()
}

// Days32 returns d as days since 1970-01-01, which is what an Arrow date32 holds.
func (d Date) Days32() int32 { return int32(d - unixEpoch) }

// String returns d as "2006-01-02"; "" for the zero Date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalText writes d as [Date.String] does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [Date.MarshalText] wrote; empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	*d = 0
	if len(text) == 0 {
		return nil
	}
	v, err := ParseDate(string(text))
	if err == nil {
		*d = v
	}
	return err
}
