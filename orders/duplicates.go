package orders

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
)

// fingerprints tell which lines come from rows that are the same, byte for
// byte; of rows of a program, from lines that are the same. 0 is none.
type fingerprints struct {
	seed maphash.Seed
	of   []uint64 // by line
}

func newFingerprints() fingerprints { return fingerprints{seed: maphash.MakeSeed()} }

// row returns the fingerprint of a row of a file, 0 if that is not known.
func (f *fingerprints) row(raw []byte) uint64 {
	for len(raw) > 0 && (raw[len(raw)-1] == '\n' || raw[len(raw)-1] == '\r') {
		raw = raw[:len(raw)-1]
	}
	if len(raw) == 0 {
		return 0
	}
	return maphash.Bytes(f.seed, raw)
}

// record returns the fingerprint of what a record says.
func (f *fingerprints) record(r *record) uint64 {
	var h maphash.Hash
	h.SetSeed(f.seed)
	for _, text := range r.texts() {
		h.Write(*text)
		h.WriteByte(0)
	}
	var buf []byte
	for _, v := range [...]int64{int64(r.date), int64(r.since), int64(r.lead)} {
		buf = append(strconv.AppendInt(buf, v, 10), 0)
	}
	h.Write(buf)
	return h.Sum64()
}

// note keeps the fingerprint of line n.
func (f *fingerprints) note(n int, r *record) {
	print := f.row(r.raw)
	if r.raw == nil {
		print = f.record(r)
	}
	for len(f.of) < n { // lines of which nothing is known
		f.of = append(f.of, 0)
	}
	f.of = append(f.of[:n], print)
}

// move makes the fingerprint of line from that of line to, which is not after it.
func (f *fingerprints) move(to, from int) {
	if from < len(f.of) {
		f.of[to] = f.of[from]
	}
}

// cut forgets the fingerprints of line n and those behind it.
func (f *fingerprints) cut(n int) { f.of = f.of[:min(n, len(f.of))] }

// candidates returns, among others, all lines whose fingerprint another has.
// Most rows are unique, and sorting millions of them would cost more than the
// rest of the reading.
func (f *fingerprints) candidates() (lines []int32) {
	size := uint64(1024)
	for size < 16*uint64(len(f.of)) {
		size *= 2
	}
	once, twice := make([]uint64, size/64), make([]uint64, size/64)
	place := func(print uint64) (word uint64, bit uint64) { return print % size / 64, 1 << (print % 64) }
	for _, print := range f.of {
		if print == 0 {
			continue
		}
		word, bit := place(print)
		twice[word] |= once[word] & bit
		once[word] |= bit
	}
	for n, print := range f.of {
		if word, bit := place(print); print != 0 && twice[word]&bit != 0 {
			lines = append(lines, int32(n))
		}
	}
	return lines
}

// compareLines orders lines by fingerprint and by all that is kept of them; 0
// if they are the same.
func (b *builder) compareLines(i, j int32) int {
	prints, l := b.prints.of, b.lines
	order := cmp.Compare(prints[i], prints[j])
	for _, c := range l.codes() {
		order = cmp.Or(order, cmp.Compare(c.at(int(i)), c.at(int(j))))
	}
	for _, c := range l.amounts() {
		order = cmp.Or(order, cmp.Compare(c.at(int(i)), c.at(int(j))))
	}
	return cmp.Or(order, cmp.Compare(l.kind.at(int(i)), l.kind.at(int(j))))
}

// findDuplicates warns of lines that are the same, which can be real, and
// skips all but one of each if Options.DropDuplicates says so.
func (b *builder) findDuplicates() {
	lines := b.prints.candidates()
	slices.SortFunc(lines, func(i, j int32) int { return cmp.Or(b.compareLines(i, j), cmp.Compare(i, j)) })
	var again []int32
	var money Amount
	for i := 1; i < len(lines); i++ {
		if b.compareLines(lines[i-1], lines[i]) == 0 {
			again = append(again, lines[i])
			money += Amount(b.lines.revenue.at(int(lines[i])))
		}
	}
	b.prints = fingerprints{}
	if len(again) == 0 {
		return
	}
	what := "all of them count; if they are one sale each, Options.DropDuplicates keeps one of each"
	if b.o.DropDuplicates {
		what = "they are skipped"
		slices.Sort(again)
		b.drop(again)
	}
	b.warn(Warning{Code: "duplicates", Count: int64(len(again)), Amount: money, Text: fmt.Sprintf(
		"%d lines (%s in all) repeat another line exactly; %s", len(again), money, what)})
}

// drop removes lines that others repeat, given in ascending order.
func (b *builder) drop(lines []int32) {
	l, kept := b.lines, 0
	for n := range l.n {
		if len(lines) > 0 && int(lines[0]) == n {
			lines = lines[1:]
			b.takeBackLine(n, DuplicateRow)
			continue
		}
		l.move(kept, n)
		kept++
	}
	l.n = kept
}
