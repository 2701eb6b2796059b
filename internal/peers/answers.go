package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
)

// answers are the rows that a run prints, in no order: the name of their table,
// the table's keys and its cells, money as exact decimals.
type answers [][]string

// A table's columns, the first keys of them being its key.
type table struct {
	keys    int
	columns []string
}

var tables = map[string]table{
	"abc":     {2, []string{"abc", "xyz", "customers", "revenue", "orders"}},
	"month":   {1, []string{"month", "revenue", "repeat revenue"}},
	"cohort":  {2, []string{"cohort", "age", "customers"}},
	"total":   {0, []string{"lines", "customers", "orders", "revenue"}},
	"groups":  {0, []string{"groups", "revenue"}},
	"version": {0, []string{"version"}},
	"sheet":   {0, []string{"rows", "cells", "digest"}},
	// Customers of equal revenue whom the peer classes otherwise: not an answer,
	// but what must be moved in table abc before it is compared.
	"tie": {1, []string{"customer", "xyz", "from", "to", "revenue", "orders"}},
}

// write writes a as CSV.
func (a answers) write(w io.Writer) error { return csv.NewWriter(w).WriteAll(a) }

// readAnswers reads what write wrote.
func readAnswers(r io.Reader) (answers, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	a, err := in.ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range a {
		if t, ok := tables[row[0]]; !ok || len(row) != 1+len(t.columns) {
			return nil, fmt.Errorf("not an answer: %q", row)
		}
	}
	return a, nil
}

// of returns the rows of a table.
func (a answers) of(name string) answers {
	return slices.DeleteFunc(slices.Clone(a), func(row []string) bool { return row[0] != name })
}

// differences returns every cell in which got is not what want is, and every
// row that only one of the two has, ties being moved.
func differences(want, got answers) (found []string, err error) {
	if want, err = moveTies(want); err != nil {
		return nil, err
	}
	if got, err = moveTies(got); err != nil {
		return nil, err
	}
	wanted, err := byKey(want)
	if err != nil {
		return nil, err
	}
	seen, err := byKey(got)
	if err != nil {
		return nil, err
	}
	for _, row := range want {
		other, ok := seen[key(row)]
		if !ok {
			found = append(found, key(row)+": missing")
			continue
		}
		t := tables[row[0]]
		for i := t.keys; i < len(t.columns); i++ {
			if row[1+i] != other[1+i] {
				found = append(found, fmt.Sprintf("%s: %s is %s, want %s", key(row), t.columns[i], other[1+i], row[1+i]))
			}
		}
	}
	for _, row := range got {
		if _, ok := wanted[key(row)]; !ok {
			found = append(found, key(row)+": not in the other answer")
		}
	}
	slices.Sort(found)
	return found, nil
}

// key names a row: its table and its keys.
func key(row []string) string { return strings.Join(row[:1+tables[row[0]].keys], " ") }

func byKey(a answers) (map[string][]string, error) {
	rows := make(map[string][]string, len(a))
	for _, row := range a {
		if _, twice := rows[key(row)]; twice {
			return nil, fmt.Errorf("%s is answered twice", key(row))
		}
		rows[key(row)] = row
	}
	return rows, nil
}

// moveTies returns a without its ties, each moved from the class that the
// library gives it to that of the peer.
func moveTies(a answers) (answers, error) {
	ties := a.of("tie")
	if len(ties) == 0 {
		return a, nil
	}
	moved := make(answers, 0, len(a))
	for _, row := range a {
		if row[0] != "tie" {
			moved = append(moved, slices.Clone(row))
		}
	}
	for _, tie := range ties {
		xyz, from, to, revenue, orders := tie[2], tie[3], tie[4], tie[5], tie[6]
		for _, step := range []struct {
			abc  string
			sign int64
		}{{from, -1}, {to, 1}} {
			row := moved.cell(step.abc, xyz)
			for i, v := range []string{"1", revenue, orders} {
				var err error
				if row[3+i], err = plus(row[3+i], v, step.sign); err != nil {
					return nil, err
				}
			}
		}
	}
	return slices.DeleteFunc(moved, func(row []string) bool { return row[0] == "abc" && row[3] == "0" }), nil
}

// cell returns the row of table abc of both classes, an empty one if there is none.
func (a *answers) cell(abc, xyz string) []string {
	for _, row := range *a {
		if row[0] == "abc" && row[1] == abc && row[2] == xyz {
			return row
		}
	}
	row := []string{"abc", abc, xyz, "0", "0.00", "0"}
	*a = append(*a, row)
	return row
}

// plus returns a + sign × b with as many decimal places as b.
func plus(a, b string, sign int64) (string, error) {
	x, ok1 := new(big.Rat).SetString(a)
	y, ok2 := new(big.Rat).SetString(b)
	if !ok1 || !ok2 {
		return "", fmt.Errorf("%q or %q is not a number", a, b)
	}
	_, fraction, _ := strings.Cut(b, ".")
	return x.Add(x, y.Mul(y, big.NewRat(sign, 1))).FloatString(len(fraction)), nil
}
