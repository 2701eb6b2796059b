package xlsx

import "strings"

// Class is what a number format shows a number as.
type Class uint8

// The classes.
const (
	AsGeneral  Class = iota // as it is; also a format that shows only fixed text
	AsNumber                // with digit placeholders: amounts, currencies, fractions, 0.00E+00
	AsPercent               // times 100
	AsDate                  // a day, month or year
	AsDateTime              // a day and a time of day
	AsTime                  // a time of day or a duration
	AsText                  // @: typed as text
)

// String returns the constant's name.
func (c Class) String() string {
	names := [...]string{"AsGeneral", "AsNumber", "AsPercent", "AsDate", "AsDateTime", "AsTime", "AsText"}
	if int(c) >= len(names) {
		return "Class?"
	}
	return names[c]
}

// Style is what a cell's format says about its value.
type Style struct {
	Class    Class
	Decimals uint8  // digits shown after the point, of AsNumber and AsPercent
	Indent   uint8  // levels by which the text is indented, as reports show groups
	Code     string // the number format: "#,##0.00"; "General"
}

// ParseFormat classifies a number format code (ECMA-376 part 1, §18.8.31) by
// its first section that shows the value: quoted and escaped text, colours,
// conditions, locales and currencies in brackets say nothing.
// A code of digit placeholders together with letters of a date, `0.00 USD`, is
// no format in Excel; programs that write it mean a number.
func ParseFormat(code string) Style {
	style := Style{Code: code}
	for rest := code; rest != ""; {
		var f formatSection
		rest = f.scan(rest)
		if class, ok := f.class(); ok {
			style.Class = class
			if class == AsNumber || class == AsPercent {
				style.Decimals = f.decimals
			}
			break
		}
	}
	return style
}

// A formatSection is what one section of a format code has in it.
type formatSection struct {
	general, date, clock, percent, digits, text bool

	decimals uint8
	point    bool // the digits that follow are decimals
	seconds  bool // the digits that follow a point are of a second
	last     byte // letter of the last date or time field: y m d h s
	month    bool // the last field is an m that is a month unless seconds follow
}

// class returns the section's class; ok is false if it shows no value.
func (f *formatSection) class() (c Class, ok bool) {
	f.date = f.date || f.month
	switch {
	case f.digits && f.percent:
		return AsPercent, true
	case f.digits:
		return AsNumber, true
	case f.date && f.clock:
		return AsDateTime, true
	case f.date:
		return AsDate, true
	case f.clock:
		return AsTime, true
	case f.text:
		return AsText, true
	}
	return AsGeneral, f.general
}

// scan reads the first section of code and returns what follows it.
func (f *formatSection) scan(code string) string {
	for i := 0; i < len(code); {
		c := code[i]
		switch c {
		case ';':
			return code[i+1:]
		case '"':
			i += literal(code[i:], '"')
			continue
		case '[':
			n := literal(code[i:], ']')
			f.elapsed(strings.Trim(code[i:i+n], "[]"))
			i += n
			continue
		case '\\', '_', '*':
			i += 2
			continue
		case '.':
			f.point = true
			i++
			continue
		case '0', '#', '?':
			f.digit()
		case '%':
			f.percent = true
		case '@':
			f.text = true
		default:
			i += f.letters(code[i:])
			continue
		}
		i++
	}
	return ""
}

// literal returns the length of what begins with code[0] and ends with end, or
// with the code.
func literal(code string, end byte) int {
	if n := strings.IndexByte(code[1:], end); n >= 0 {
		return n + 2
	}
	return len(code)
}

// digit notes a digit placeholder.
func (f *formatSection) digit() {
	switch {
	case f.seconds && f.point: // ss.000
	case f.point && f.decimals < 30:
		f.digits = true
		f.decimals++
	default:
		f.digits = true
	}
}

// elapsed notes [h], [mm] and [ss]; other brackets say nothing about the value.
func (f *formatSection) elapsed(inner string) {
	inner = strings.ToLower(inner)
	if inner == "" || strings.Trim(inner, inner[:1]) != "" || !strings.Contains("hms", inner[:1]) {
		return
	}
	f.clock = true
	f.last, f.seconds = inner[0], true
}

// letters notes what a code beginning with no placeholder says and returns its length.
func (f *formatSection) letters(code string) int {
	switch {
	case hasWord(code, "general"):
		f.general = true
		return len("general")
	case hasWord(code, "am/pm"):
		f.clock = true
		return len("am/pm")
	case hasWord(code, "a/p"):
		f.clock = true
		return len("a/p")
	}
	c := lower(code[0])
	if c == 'e' && len(code) > 1 && (code[1] == '+' || code[1] == '-') { // 0.00E+00
		f.point = false
		return 2
	}
	n := 1
	for n < len(code) && lower(code[n]) == c {
		n++
	}
	f.field(c, n)
	return n
}

// field notes n letters c of a date or a time.
func (f *formatSection) field(c byte, n int) {
	switch c {
	case 'y', 'd', 'e', 'g', 'b': // e, g: years and eras of Japan; b: years of Thailand
		f.date = true
	case 'a':
		if n < 3 { // aaa: a weekday
			return
		}
		f.date = true
	case 'h', 's':
		f.clock = true
		if c == 's' && f.last == 'm' && f.month { // mm:ss are minutes
			f.month = false
		}
	case 'm':
		switch {
		case n > 2:
			f.date = true
		case f.last == 'h': // h:mm
			f.clock = true
		default:
			f.date = f.date || f.month
			f.month = true
		}
	default:
		return
	}
	if f.month && c != 'm' {
		f.date, f.month = true, false
	}
	f.last, f.seconds = c, c == 's'
}

// hasWord reports whether code begins with an ASCII word, in any letter case.
func hasWord(code, word string) bool {
	return len(code) >= len(word) && strings.EqualFold(code[:len(word)], word)
}

// lower returns an ASCII letter in lower case.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// builtin returns the code of a number format that workbooks use by number
// alone (ECMA-376 part 1, §18.8.30). Those from 27 to 36 and 50 to 58 depend on
// the language (Chinese, Japanese or Korean), those from 59 to 81 are Thai: the
// code given for them is of the class they have in most languages.
func builtin(id int) string {
	switch id {
	case 1, 59:
		return "0"
	case 2, 60:
		return "0.00"
	case 3, 61:
		return "#,##0"
	case 4, 62:
		return "#,##0.00"
	case 5:
		return `"$"#,##0_);\("$"#,##0\)`
	case 6:
		return `"$"#,##0_);[Red]\("$"#,##0\)`
	case 7:
		return `"$"#,##0.00_);\("$"#,##0.00\)`
	case 8:
		return `"$"#,##0.00_);[Red]\("$"#,##0.00\)`
	case 9, 67:
		return "0%"
	case 10, 68:
		return "0.00%"
	case 11:
		return "0.00E+00"
	case 12, 69:
		return "# ?/?"
	case 13, 70:
		return "# ??/??"
	case 14:
		return "mm-dd-yy"
	case 15:
		return "d-mmm-yy"
	case 16:
		return "d-mmm"
	case 17:
		return "mmm-yy"
	case 18:
		return "h:mm AM/PM"
	case 19:
		return "h:mm:ss AM/PM"
	case 20:
		return "h:mm"
	case 21:
		return "h:mm:ss"
	case 22:
		return "m/d/yy h:mm"
	case 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58, 71, 72, 81:
		return "d/m/yyyy"
	case 73, 74:
		return "mmm-yy"
	case 32, 33, 34, 35, 55, 56, 75, 76:
		return "h:mm:ss"
	case 77:
		return "d/m/yyyy h:mm"
	case 37:
		return `#,##0_);\(#,##0\)`
	case 38:
		return `#,##0_);[Red]\(#,##0\)`
	case 39:
		return `#,##0.00_);\(#,##0.00\)`
	case 40:
		return `#,##0.00_);[Red]\(#,##0.00\)`
	case 41, 42:
		return `_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)`
	case 43, 44:
		return `_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)`
	case 45, 78:
		return "mm:ss"
	case 46, 79:
		return "[h]:mm:ss"
	case 47, 80:
		return "mm:ss.0"
	case 48:
		return "##0.0E+0"
	case 49:
		return "@"
	}
	return "General"
}
