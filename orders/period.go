package orders

import (
	"fmt"
	"time"
)

// Grain is the length of the periods into which time is divided.
type Grain uint8

// The grains. Where an option or a query holds NoGrain its own default applies.
const (
	NoGrain Grain = iota
	Day
	Week // ISO 8601: Monday to Sunday
	Month
	Quarter
	Year
)

var grainNames = [...]string{"", "day", "week", "month", "quarter", "year"}

// String returns "day", "week", "month", "quarter" or "year"; "" for NoGrain.
func (g Grain) String() string {
	if int(g) < len(grainNames) {
		return grainNames[g]
	}
	return fmt.Sprintf("Grain(%d)", uint8(g))
}

// ParseGrain returns the grain of that name.
func ParseGrain(s string) (Grain, error) {
	for g, name := range grainNames {
		if name == s && g != 0 {
			return Grain(g), nil
		}
	}
	return NoGrain, fmt.Errorf("orders: %q is no grain: day, week, month, quarter or year", s)
}

// MarshalText writes g as [Grain.String] does.
func (g Grain) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// Of returns the period of grain g that holds d; the zero Period for the zero
// Date or NoGrain.
func (g Grain) Of(d Date) Period {
	if d == 0 || g == NoGrain {
		return Period{}
	}
	p := Period{Grain: g}
	switch g {
	case Day:
		p.Index = int32(d)
	case Week: // 0001-01-01, Date 1, is a Monday
		p.Index = int32(d-1)/7 + 1
	default:
		y, m, _ := d.Time().Date()
		switch g {
		case Month:
			p.Index = int32(y)*12 + int32(m) - 1
		case Quarter:
			p.Index = int32(y)*4 + (int32(m)-1)/3
		case Year:
			p.Index = int32(y)
		}
	}
	return p
}

// Period is one day, ISO week, month, quarter or year. Periods of one grain
// have consecutive indices. The zero Period is none.
type Period struct {
	Grain Grain
	Index int32
}

// IsZero reports whether p is no period.
func (p Period) IsZero() bool { return p.Grain == NoGrain }

// Add returns the period n after p.
func (p Period) Add(n int) Period {
	p.Index += int32(n)
	return p
}

// Sub returns how many periods q lies before p. Both must be of one grain.
func (p Period) Sub(q Period) int { return int(p.Index - q.Index) }

// First returns the first day of p; 0 for the zero Period.
func (p Period) First() Date {
	switch p.Grain {
	case Day:
		return Date(p.Index)
	case Week:
		return Date(p.Index-1)*7 + 1
	case Month:
		return NewDate(int(p.Index/12), time.Month(p.Index%12+1), 1)
	case Quarter:
		return NewDate(int(p.Index/4), time.Month(p.Index%4*3+1), 1)
	case Year:
		return NewDate(int(p.Index), time.January, 1)
	}
	return 0
}

// Last returns the last day of p; 0 for the zero Period.
func (p Period) Last() Date {
	if p.IsZero() {
		return 0
	}
	return p.Add(1).First() - 1
}

// String returns "2024-02-29", "2024-W09", "2024-02", "2024-Q1" or "2024"; ""
// for the zero Period.
func (p Period) String() string {
	first := p.First().Time()
	switch p.Grain {
	case Day:
		return first.Format(time.DateOnly)
	case Week:
		y, w := first.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	case Month:
		return first.Format("2006-01")
	case Quarter:
		return fmt.Sprintf("%04d-Q%d", p.Index/4, p.Index%4+1)
	case Year:
		return fmt.Sprintf("%04d", p.Index)
	}
	return ""
}

// MarshalText writes p as [Period.String] does.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }
