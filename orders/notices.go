package orders

import (
	"bytes"
	"fmt"
)

// neededRoles are the roles without whose cells a row is no sale that can be
// told: a short row that lacks one of them is rejected.
var neededRoles = []Role{RoleDate, RoleCustomer, RoleCustomerName, RoleOrder, RoleRevenue, RoleQuantity, RolePrice, RoleStatus, RoleType, RoleCurrency}

// notices are what a reader must know of a file as a whole: how often it
// happened, and where first.
type notices struct {
	short, lost       int64
	shortRow, lostRow int64
	shortText         string
}

// shorten notes a row without its last cells.
func (n *notices) shorten(at *tableRow, cells, need int) {
	if n.short++; n.short == 1 {
		n.shortRow, n.shortText = at.Row, fmt.Sprintf("%d cells of %d", cells, need)
	}
}

// include adds what was noted of rows behind so many others.
func (n *notices) include(o *notices, before int64) {
	if n.short == 0 {
		n.shortRow, n.shortText = o.shortRow+before, o.shortText
	}
	if n.lost == 0 {
		n.lostRow = o.lostRow + before
	}
	n.short += o.short
	n.lost += o.lost
}

// lost is what stands where a letter could not be kept.
var lost = []byte("\ufffd")

// lookForLostLetters notes a row in which a letter was lost before it came here.
func (n *notices) lookForLostLetters(at *tableRow) {
	found := bytes.Contains(at.Raw, lost)
	if !at.isText() {
		for _, c := range at.Cells {
			found = found || bytes.Contains(c, lost)
		}
	}
	if found {
		if n.lost++; n.lost == 1 {
			n.lostRow = at.Row
		}
	}
}

// warn hands over what was noted.
func (n *notices) warn(to sink, file string) {
	if n.short > 0 {
		to.warn(Warning{Code: "short_rows", Count: n.short, Text: fmt.Sprintf(
			"%s: %d rows end before the last columns, the first is row %d with %s; what is missing is taken to be blank", file, n.short, n.shortRow, n.shortText)})
	}
	if n.lost > 0 {
		to.warn(Warning{Code: "lost_letters", Count: n.lost, Text: fmt.Sprintf(
			"%s: in %d rows letters were lost before the export (U+FFFD stands for them), the first is row %d; names that differ in them alone are one name now", file, n.lost, n.lostRow)})
	}
}
