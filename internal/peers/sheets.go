package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/repeatsales/repeatsales/abcxyz"
	"github.com/repeatsales/repeatsales/internal/xlsx"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// errNoPeer is returned where the program was built without libxlsxwriter.
var errNoPeer = errors.New("built without libxlsxwriter: install its headers (libxlsxwriter-dev) and build with -tags xlsxwriter")

// The first day of the list; xlsxwriter.c has it as Excel's serial 44562.
var listDay = orders.NewDate(2022, time.January, 1)

// coreOf returns a list of n customers, of values that any program can write
// without loss. The loop in xlsxwriter.c writes the same ones.
func coreOf(n int) *abcxyz.CoreList {
	list := &abcxyz.CoreList{MedianGap: 30, Customers: make([]abcxyz.CoreCustomer, n)}
	for i := range list.Customers {
		last := listDay + orders.Date(i%700)
		list.Customers[i] = abcxyz.CoreCustomer{
			Item: abcxyz.Item{
				Rank: i + 1, ID: fmt.Sprintf("C%07d", i), Name: fmt.Sprintf("Customer %d & Co", i),
				ABC: abcxyz.A, XYZ: []abcxyz.XYZ{abcxyz.X, abcxyz.Y, abcxyz.Z}[i%3],
				Revenue: orders.Amount(i*7919%10_000_019) * (orders.One / 100),
			},
			Owner: fmt.Sprintf("Salesperson %d", i%50), Purchases: int64(3 + i%31),
			LastDay: last, DaysSinceLast: 700 - i%700,
			MedianGap: float64(i%120)/2 + 0.5, OwnMedian: i%4 != 0, GapCV: float64(i%64) / 64,
			NextDay: last + 30,
		}
	}
	return list
}

// oursSheet writes a workbook whose core list has n customers.
func oursSheet(ctx context.Context, path string, n int) error {
	day := func(yield func(orders.Line, error) bool) {
		yield(orders.Line{Customer: "C0000000", Date: listDay, Revenue: orders.One}, nil)
	}
	sales, err := orders.Collect(ctx, day, orders.Options{})
	if err != nil {
		return err
	}
	defer sales.Release()
	return report.WriteFile(ctx, path, report.Book{Sales: sales, Core: coreOf(n)}, report.Options{})
}

// sheetDigest reads what a workbook says of customers: the rows of its sheet
// "Core list" whose second cell is a customer's id.
func sheetDigest(ctx context.Context, path string) (answers, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	book, err := xlsx.Open(ctx, f, info.Size(), xlsx.Limits{})
	if err != nil {
		return nil, err
	}
	sum, rows, cells := sha256.New(), 0, 0
	for _, s := range book.Sheets() {
		if s.Name != "Core list" {
			continue
		}
		for row, err := range s.Rows(ctx) {
			if err != nil {
				return nil, err
			}
			if len(row.Cells) < 2 || !isCustomer(row.Cells[1].Text) {
				continue
			}
			rows++
			for _, c := range row.Cells {
				cells++
				digestCell(sum, c)
			}
		}
	}
	return answers{{"sheet", strconv.Itoa(rows), strconv.Itoa(cells), fmt.Sprintf("%x", sum.Sum(nil)[:8])}}, nil
}

func isCustomer(id []byte) bool {
	return len(id) == len("C0000000") && id[0] == 'C' && len(bytes.Trim(id[1:], "0123456789")) == 0
}

// digestCell adds a cell: where it is, what it is, and how it is shown. Programs
// write one number with other digits, so it is its double that counts.
func digestCell(w io.Writer, c xlsx.Cell) {
	text := string(c.Text)
	if v, err := strconv.ParseFloat(text, 64); err == nil && c.Kind == xlsx.Number {
		text = strconv.FormatUint(math.Float64bits(v), 16)
	}
	fmt.Fprintf(w, "%d %d %q %d %v\n", c.Column, c.Kind, text, c.Style.Class, c.Formula)
}

// compareSheets writes one list by libxlsxwriter, in both of its modes, and by
// package report, and reads all of them.
func (s settings) compareSheets(ctx context.Context, w io.Writer) error {
	job := func(name, job string, base *contest) *contest {
		path := filepath.Join(s.dir, job+".xlsx")
		c := newContest(name, job, path, base)
		c.args = append(c.args, "-rows", strconv.Itoa(s.rows))
		return c
	}
	peer := job("libxlsxwriter, constant memory", "xlsxwriter-constant", nil)
	all := []*contest{peer, job("libxlsxwriter", "xlsxwriter", peer), job("report.WriteFile", "ours-sheet", peer)}
	if err := interleave(ctx, s.rounds, all); err != nil {
		return err
	}
	printTable(w, fmt.Sprintf("%s rows of 13 cells; medians, rounds: %d", grouped(int64(s.rows)), s.rounds), all)
	fmt.Fprintln(w)
	check := checker{w: w}
	var want answers
	for _, c := range all {
		path := c.args[3]
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		_, got, err := execute(ctx, "-run", "read-sheet", "-file", path)
		if err != nil {
			return err
		}
		if want == nil {
			want = got
		}
		fmt.Fprintf(w, "%s: %s bytes, rows %s\n", strings.TrimSuffix(filepath.Base(path), ".xlsx"), grouped(info.Size()), got[0][1])
		check.equal(c.name, want, got)
	}
	return check.err
}
