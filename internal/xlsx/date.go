package xlsx

import (
	"math"
	"time"
)

// DateSystem is the day from which a workbook counts its serial numbers.
type DateSystem uint8

// The two systems of ECMA-376 part 1, §18.17.4.1. Since1900 counts 29 February
// 1900, which never was, as Lotus 1-2-3 did: serial 59 is 28 February, 60 is
// no day and 61 is 1 March 1900.
const (
	Since1900 DateSystem = iota // serial 1 is 1900-01-01
	Since1904                   // serial 0 is 1904-01-01
)

const (
	unixOf1900 = -25_569   // 1899-12-30, from which serials of 61 and more count true, in days since 1970-01-01
	unixOf1904 = -24_107   // 1904-01-01
	unixOfLast = 2_932_896 // 9999-12-31

	dayMillis = 86_400_000
)

// Day returns the calendar day of a serial number, in days since 1970-01-01,
// and the time of day, rounded to a millisecond (which may be the next day's
// midnight). ok is false for what Excel does not show as a day: a serial that
// is negative, NaN or after 9999-12-31, and in [Since1900] also 60 and what is
// less than 1, a time of day without a day.
func (d DateSystem) Day(serial float64) (day int, clock time.Duration, ok bool) {
	if !(serial >= 0 && serial <= 3_000_000) {
		return 0, 0, false
	}
	millis := int64(math.Round(serial * dayMillis))
	day = int(millis / dayMillis)
	clock = time.Duration(millis%dayMillis) * time.Millisecond
	switch {
	case d == Since1904:
		day += unixOf1904
	case day == 0 || day == 60:
		return 0, 0, false
	case day < 60:
		day += unixOf1900 + 1
	default:
		day += unixOf1900
	}
	if day > unixOfLast {
		return 0, 0, false
	}
	return day, clock, true
}

// Time returns what [DateSystem.Day] does as a time in UTC.
func (d DateSystem) Time(serial float64) (t time.Time, ok bool) {
	day, clock, ok := d.Day(serial)
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(int64(day)*86_400, int64(clock)).UTC(), true
}
