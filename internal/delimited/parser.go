// Package delimited splits delimited text (CSV and its kin) into records and
// cells, fast and without trusting it.
//
// It reads what RFC 4180 describes, with any delimiter, and is more patient
// than encoding/csv: a quote inside an unquoted cell is text, blank lines are
// records, records may differ in length. A record whose quotes do not match is
// its first physical line, marked as bad, and reading goes on with the next
// line, so that one stray quote costs one line.
package delimited

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
)

// MaxRecord is the longest record in bytes, line ends within quotes included,
// unless a Parser says otherwise.
const MaxRecord = 1 << 20

// ErrTooLong reports a record of more than [MaxRecord] bytes, or those that the
// Parser allows.
var ErrTooLong = errors.New("delimited: record too long")

// Fault says what is wrong with a record.
type Fault byte

// The faults.
const (
	NoFault        Fault = iota
	Unclosed             // a quoted cell does not end within MaxRecord bytes, or before the text does
	TextAfterQuote       // a quoted cell goes on after its closing quote
)

// Parser splits text held in memory into records. Set Comma, call Next until
// the text is used up, and read the record from the other fields: they are
// valid until the next call. Parsers of different parts of a text are
// independent of each other, as long as each part begins at a record's beginning.
type Parser struct {
	Comma byte // the delimiter
	Max   int  // the longest record in bytes; 0: MaxRecord
	// Backslash says that within quotes \" is a quote and \\ a backslash, as
	// programs write that never heard of doubling.
	Backslash bool

	Cells      [][]byte // borrowed from the text
	Raw        []byte   // the record as it stands in the text, its line end included
	Lines      int      // physical lines that the record takes
	Terminated bool     // the record has a line end
	ASCII      bool     // the record is known to have ASCII letters only
	Fault      Fault    // not NoFault: Cells is empty
	FaultCell  int      // number of the cell at fault, from 1

	unquoted []byte // cells without the doubling of their quotes
}

// Next splits off the first record of text and returns its length. It returns
// 0 if text holds no whole record: the caller comes again with more of it, or
// with last set if there is no more. It returns [ErrTooLong] if more would not help.
//
// How the records come out does not depend on how the text is handed over.
func (p *Parser) Next(text []byte, last bool) (int, error) {
	p.Cells, p.Fault, p.FaultCell = p.Cells[:0], NoFault, 0
	if len(text) == 0 {
		return 0, nil
	}
	if n := p.plain(text); n > 0 {
		return n, nil
	}
	p.Cells, p.ASCII = p.Cells[:0], false
	end := bytes.IndexByte(text[:min(len(text), p.max())], '\n')
	switch {
	case end >= 0:
		p.Terminated = true
	case len(text) >= p.max():
		return 0, ErrTooLong
	case !last:
		return 0, nil
	default:
		p.Terminated = false
		end = len(text)
	}
	line := text[:end]
	if bytes.IndexByte(line, '"') >= 0 {
		return p.quoted(text, end, last)
	}
	p.take(text, end)
	line = trimReturn(line)
	for {
		i := bytes.IndexByte(line, p.Comma)
		if i < 0 {
			p.Cells = append(p.Cells, line)
			return len(p.Raw), nil
		}
		p.Cells = append(p.Cells, line[:i])
		line = line[i+1:]
	}
}

// each returns a word of eight times the same byte.
func each(c byte) uint64 { return uint64(c) * 0x0101_0101_0101_0101 }

// zeros returns a word with the highest bit of every byte that is 0 in x.
func zeros(x uint64) uint64 {
	const low = 0x7f7f_7f7f_7f7f_7f7f
	return ^((x&low + low) | x | low)
}

// below returns a word with the highest bit of every byte of x that is less than
// n, and of some others, all of them behind such a byte; n is at most 0x80.
func below(x uint64, n byte) uint64 { return (x - each(n)) &^ x & each(0x80) }

// plain is Next for a line without quotes, which most are, eight bytes at a
// time; 0 if it does not find one. Where the delimiter is a comma or a tab, what
// ends a cell is among the few letters before the minus and the digits: to
// compare a word with one bound and then look is less work than three comparisons.
func (p *Parser) plain(text []byte) int {
	comma, newline, quote := each(p.Comma), each('\n'), each('"')
	cells, start, high := p.Cells, 0, uint64(0)
	text = text[:min(len(text), p.max())]
	few := p.Comma < '-'
	for i := 0; i+8 <= len(text); i += 8 {
		word := binary.LittleEndian.Uint64(text[i:])
		var found uint64
		if few {
			found = below(word, '-')
		} else {
			found = zeros(word^comma) | zeros(word^newline) | zeros(word^quote)
		}
		for ; found != 0; found &= found - 1 {
			at := i + bits.TrailingZeros64(found)>>3
			switch text[at] {
			case p.Comma:
				cells = append(cells, text[start:at])
				start = at + 1
			case '"':
				p.Cells = cells
				return 0
			case '\n':
				p.Cells = append(cells, trimReturn(text[start:at]))
				p.Raw, p.Lines, p.Terminated = text[:at+1], 1, true
				p.ASCII = (high|word<<(8*(7-(at-i))))&each(0x80) == 0
				return at + 1
			}
		}
		high |= word
	}
	p.Cells = cells
	return 0
}

// take makes the first line of text, which ends at end, the record.
func (p *Parser) take(text []byte, end int) {
	if p.Terminated {
		end++
	}
	p.Raw, p.Lines = text[:end], 1
}

func (p *Parser) max() int {
	if p.Max > 0 {
		return p.Max
	}
	return MaxRecord
}

func trimReturn(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// bad makes the first line of text a record with a fault in its latest cell.
func (p *Parser) bad(text []byte, end int, fault Fault) (int, error) {
	p.take(text, end)
	p.Fault, p.FaultCell = fault, len(p.Cells)+1
	p.Cells = p.Cells[:0]
	return len(p.Raw), nil
}

// quoted is Next for a record whose first line, which ends at end, has a quote in it.
func (p *Parser) quoted(text []byte, end int, last bool) (int, error) {
	part := text[:min(len(text), p.max())]
	whole := last && len(part) == len(text) // nothing follows part
	p.unquoted = p.unquoted[:0]
	for i := 0; ; i++ { // over the delimiters
		var fault Fault
		i, fault = p.cell(part, i)
		switch {
		case fault == TextAfterQuote, fault == Unclosed && (whole || len(part) == p.max()):
			return p.bad(text, end, fault)
		case i < len(part) && part[i] == p.Comma:
			continue
		case i < len(part): // a line end
			p.Terminated = true
			p.Raw = part[:i+1]
			p.Lines = bytes.Count(p.Raw, []byte{'\n'})
			return len(p.Raw), nil
		case whole:
			p.Terminated = false
			p.Raw = part
			p.Lines = bytes.Count(p.Raw, []byte{'\n'}) + 1
			return len(p.Raw), nil
		case len(part) == p.max():
			return 0, ErrTooLong
		}
		return 0, nil
	}
}

// cell adds the cell that begins at i and returns where the delimiter or line
// end behind it is: len(text) if there is none.
func (p *Parser) cell(text []byte, i int) (stop int, fault Fault) {
	if i == len(text) || text[i] != '"' {
		stop = i
		for stop < len(text) && text[stop] != p.Comma && text[stop] != '\n' {
			stop++
		}
		cell := text[i:stop]
		if stop == len(text) || text[stop] == '\n' {
			cell = trimReturn(cell)
		}
		p.Cells = append(p.Cells, cell)
		return stop, NoFault
	}
	unquote := p.unquote
	if p.Backslash {
		unquote = p.unescape
	}
	cell, stop := unquote(text, i+1)
	if stop < 0 {
		return len(text), Unclosed
	}
	for stop < len(text) && text[stop] == ' ' {
		stop++
	}
	if stop < len(text) && text[stop] == '\r' && (stop+1 == len(text) || text[stop+1] == '\n') {
		stop++
	}
	if stop < len(text) && text[stop] != p.Comma && text[stop] != '\n' {
		return stop, TextAfterQuote
	}
	p.Cells = append(p.Cells, cell)
	return stop, NoFault
}

// unquote returns the quoted cell whose text begins at i, and where the text
// behind its closing quote begins; -1 if it is not closed.
func (p *Parser) unquote(text []byte, i int) (cell []byte, next int) {
	start, from := i, len(p.unquoted)
	for {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			return nil, -1
		}
		i += n + 1
		if i >= len(text) || text[i] != '"' {
			break
		}
		p.unquoted = append(p.unquoted, text[start:i]...)
		i++
		start = i
	}
	if len(p.unquoted) == from {
		return text[start : i-1], i
	}
	p.unquoted = append(p.unquoted, text[start:i-1]...)
	return p.unquoted[from:len(p.unquoted):len(p.unquoted)], i
}

// unescape is unquote for text in which a backslash makes the quote or the
// backslash behind it text; a doubled quote is one too.
func (p *Parser) unescape(text []byte, i int) (cell []byte, next int) {
	start, from := i, len(p.unquoted)
	for {
		n := bytes.IndexAny(text[i:], `"\`)
		if n < 0 {
			return nil, -1
		}
		i += n
		more := i+1 < len(text)
		switch {
		case text[i] == '\\' && more && (text[i+1] == '"' || text[i+1] == '\\'), text[i] == '"' && more && text[i+1] == '"':
			p.unquoted = append(p.unquoted, text[start:i]...)
			start = i + 1 // the second of the two is text
			i += 2
		case text[i] == '\\':
			i++
		default:
			if len(p.unquoted) == from {
				return text[start:i], i + 1
			}
			p.unquoted = append(p.unquoted, text[start:i]...)
			return p.unquoted[from:len(p.unquoted):len(p.unquoted)], i + 1
		}
	}
}
