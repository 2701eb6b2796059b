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
type fingerprints struct{ seed maphash.Seed }

func newFingerprints() fingerprints { return fingerprints{maphash.MakeSeed()} }

// of returns the fingerprint of a record.
func (f fingerprints) of(r *record) uint64 {
	if r.raw == nil {
		return f.record(r)
	}
	return f.row(r.raw)
}

// row returns the fingerprint of a row of a file, 0 if that is not known.
func (f fingerprints) row(raw []byte) uint64 {
	if raw = withoutEnd(raw); len(raw) == 0 {
		return 0
	}
	return maphash.Bytes(f.seed, raw)
}

// withoutEnd returns a row without its line end.
func withoutEnd(raw []byte) []byte {
	for len(raw) > 0 && (raw[len(raw)-1] == '\n' || raw[len(raw)-1] == '\r') {
		raw = raw[:len(raw)-1]
	}
	return raw
}

// record returns the fingerprint of what a record says.
func (f fingerprints) record(r *record) uint64 {
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

// candidates returns, among others, all lines whose fingerprint another has.
// Lines that are the same are of one document, and of most documents it is
// known that none are; of the others most lines are unique, and sorting millions
// of them would cost more than the rest of the reading.
func (b *builder) candidates() (lines []int32) {
	for n := range b.lines.n {
		if document := int(b.lines.document.at(n)); document < len(b.doubtful) && b.doubtful[document] && b.prints.at(n) != 0 {
			lines = append(lines, int32(n))
		}
	}
	size := uint64(1024)
	for size < 16*uint64(len(lines)) {
		size *= 2
	}
	once, twice := make([]uint64, size/64), make([]uint64, size/64)
	place := func(n int32) (word, bit uint64) {
		print := uint64(b.prints.at(int(n)))
		return print % size / 64, 1 << (print % 64)
	}
	for _, n := range lines {
		word, bit := place(n)
		twice[word] |= once[word] & bit
		once[word] |= bit
	}
	return slices.DeleteFunc(lines, func(n int32) bool {
		word, bit := place(n)
		return twice[word]&bit == 0
	})
}

// compareLines orders lines by fingerprint and by all that is kept of them; 0
// if they are the same.
func (b *builder) compareLines(i, j int32) int {
	l := b.lines
	order := cmp.Compare(b.prints.at(int(i)), b.prints.at(int(j)))
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
func (b *builder) findDuplicates() error {
	lines := b.candidates()
	slices.SortFunc(lines, func(i, j int32) int { return cmp.Or(b.compareLines(i, j), cmp.Compare(i, j)) })
	var again []int32
	count, money := b.repeated, b.again
	for i := 1; i < len(lines); i++ {
		if b.compareLines(lines[i-1], lines[i]) == 0 {
			again = append(again, lines[i])
			count++
			money += Amount(b.lines.revenue.at(int(lines[i])))
		}
	}
	b.prints.release()
	b.doubtful = nil
	if count == 0 {
		return nil
	}
	var err error
	what := "all of them count; where no lines are kept only those that follow one another are found"
	if !b.o.FactsOnly {
		what = "all of them count; if they are one sale each, Options.DropDuplicates keeps one of each"
	}
	if b.o.DropDuplicates {
		what = "they are skipped"
		slices.Sort(again)
		err = b.drop(again)
	}
	b.warn(Warning{Code: "duplicates", Count: count, Amount: money, Text: fmt.Sprintf(
		"%d lines (%s in all) repeat another line exactly; %s", count, money, what)})
	return err
}

// drop removes lines that others repeat, given in ascending order.
func (b *builder) drop(lines []int32) error {
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
	return b.resum()
}
