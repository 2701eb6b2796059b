package orders

import (
	"cmp"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"math"
	"slices"
	"strings"
)

var errText = errors.New("orders: the distinct texts of one column are longer than 4 GiB")

// index is an open-addressing table from hashes to codes. A slot is the upper
// half of the hash beside code + 1, so a look-up that misses reads one word.
type index struct {
	slots []uint64
	used  int
}

// find returns the code whose text same reports equal, or the slot for a new one.
func (x *index) find(hash uint64, same func(code int32) bool) (code int32, slot int) {
	if len(x.slots) == 0 {
		return -1, -1
	}
	mask := len(x.slots) - 1
	for i := int(hash) & mask; ; i = (i + 1) & mask {
		s := x.slots[i]
		if s == 0 {
			return -1, i
		}
		if s>>32 == hash>>32 && same(int32(uint32(s))-1) {
			return int32(uint32(s)) - 1, i
		}
	}
}

// insert puts code at the slot that find returned.
func (x *index) insert(hash uint64, slot int, code int32, rehash func(code int32) uint64) {
	if 4*(x.used+1) > 3*len(x.slots) {
		old := x.slots
		x.slots = make([]uint64, max(64, 2*len(old)))
		for _, s := range old {
			if s != 0 {
				x.place(rehash(int32(uint32(s))-1), int32(uint32(s))-1)
			}
		}
		x.place(hash, code)
	} else {
		x.slots[slot] = hash>>32<<32 | uint64(uint32(code+1))
	}
	x.used++
}

func (x *index) place(hash uint64, code int32) {
	mask := len(x.slots) - 1
	i := int(hash) & mask
	for x.slots[i] != 0 {
		i = (i + 1) & mask
	}
	x.slots[i] = hash>>32<<32 | uint64(uint32(code+1))
}

// texts holds strings end to end, without a header or an allocation each.
type texts struct {
	all  strings.Builder
	ends []uint32
}

func (t *texts) len() int { return len(t.ends) }

func (t *texts) at(i int32) string {
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.all.String()[start:t.ends[i]]
}

func (t *texts) add(b []byte) error {
	if uint64(t.all.Len())+uint64(len(b)) > math.MaxUint32 || len(t.ends) == math.MaxInt32 {
		return errText
	}
	t.all.Write(b)
	t.ends = append(t.ends, uint32(t.all.Len()))
	return nil
}

// dict numbers distinct texts in the order of their first appearance; code 0
// is the blank.
type dict struct {
	texts
	index
	seed       maphash.Seed
	last       []byte // the previous look-up: exports repeat themselves line after line
	lastCode   int32
	lastExists bool
}

func newDict() *dict {
	d := &dict{seed: maphash.MakeSeed()}
	d.ends = []uint32{0}
	return d
}

func (d *dict) code(b []byte) (int32, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if d.lastExists && string(d.last) == string(b) {
		return d.lastCode, nil
	}
	hash := maphash.Bytes(d.seed, b)
	code, slot := d.find(hash, func(c int32) bool { return d.at(c) == string(b) })
	if code < 0 {
		code = int32(d.len())
		if err := d.add(b); err != nil {
			return 0, err
		}
		d.insert(hash, slot, code, func(c int32) uint64 { return maphash.String(d.seed, d.at(c)) })
	}
	d.last, d.lastCode, d.lastExists = append(d.last[:0], b...), code, true
	return code, nil
}

// names is a finished dictionary: distinct texts ascending bytewise, the blank first.
type names []string

// sorted returns the texts of d in order and the rank of each code among them.
func (d *dict) sorted() (names, []int32) {
	type entry struct {
		prefix uint64
		code   int32
	}
	n := d.len()
	skip := d.commonPrefix()
	entries := make([]entry, n)
	for c := range entries {
		entries[c] = entry{prefix(d.at(int32(c)), skip), int32(c)}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return strings.Compare(d.at(a.code), d.at(b.code))
	})
	sorted, rank := make(names, n), make([]int32, n)
	for r, e := range entries {
		sorted[r], rank[e.code] = d.at(e.code), int32(r)
	}
	return sorted, rank
}

// commonPrefix returns how many leading bytes all texts but the blank share.
func (d *dict) commonPrefix() int {
	if d.len() < 2 {
		return 0
	}
	first := d.at(1)
	n := len(first)
	for c := int32(2); c < int32(d.len()) && n > 0; c++ {
		s := d.at(c)
		n = min(n, len(s))
		for i := 0; i < n; i++ {
			if s[i] != first[i] {
				n = i
			}
		}
	}
	return n
}

// prefix returns the eight bytes of s after the first skip as a number that
// sorts as they do.
func prefix(s string, skip int) uint64 {
	var b [8]byte
	if len(s) > skip {
		copy(b[:], s[skip:])
	}
	return binary.BigEndian.Uint64(b[:])
}

// documents numbers the distinct (organisation, customer, order) of an export,
// with the day in the key where there is no order id.
type documents struct {
	texts // order ids
	index
	seed         maphash.Seed
	organisation []int32
	customer     []int32
	day          []Date // 0 where there is an order id
	last         int32
}

func newDocuments() *documents { return &documents{seed: maphash.MakeSeed(), last: -1} }

func (d *documents) code(organisation, customer int32, order []byte, day Date) (int32, error) {
	if len(order) > 0 {
		day = 0
	}
	same := func(c int32) bool {
		return d.customer[c] == customer && d.organisation[c] == organisation && d.day[c] == day && d.at(c) == string(order)
	}
	if d.last >= 0 && same(d.last) {
		return d.last, nil
	}
	hash := d.mix(maphash.Bytes(d.seed, order), organisation, customer, day)
	code, slot := d.find(hash, same)
	if code < 0 {
		code = int32(d.len())
		if err := d.add(order); err != nil {
			return 0, err
		}
		d.organisation = append(d.organisation, organisation)
		d.customer = append(d.customer, customer)
		d.day = append(d.day, day)
		d.insert(hash, slot, code, func(c int32) uint64 {
			return d.mix(maphash.String(d.seed, d.at(c)), d.organisation[c], d.customer[c], d.day[c])
		})
	}
	d.last = code
	return code, nil
}

func (d *documents) mix(hash uint64, organisation, customer int32, day Date) uint64 {
	hash ^= uint64(uint32(customer)) * 0x9e3779b97f4a7c15
	hash ^= uint64(uint32(organisation)) * 0xc2b2ae3d27d4eb4f
	hash ^= uint64(uint32(day)) * 0x165667b19e3779f9
	hash ^= hash >> 29
	hash *= 0xbf58476d1ce4e5b9
	return hash ^ hash>>32
}

// split adds a document that differs from doc only in the time of its lines.
func (d *documents) split(doc int32) (int32, error) {
	code := int32(d.len())
	if err := d.add([]byte(d.at(doc))); err != nil {
		return 0, err
	}
	d.organisation = append(d.organisation, d.organisation[doc])
	d.customer = append(d.customer, d.customer[doc])
	d.day = append(d.day, d.day[doc])
	return code, nil
}
