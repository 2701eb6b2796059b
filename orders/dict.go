package orders

import (
	"cmp"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"
)

var errText = errors.New("orders: the distinct texts of one column are longer than 4 GiB")

// index is an open-addressing table from hashes to codes. A slot is the upper
// half of the hash beside code + 1, so a look-up that misses reads one word.
// The place of a hash is its upper bits: a larger table is filled from the
// smaller one in order, without the texts.
type index struct {
	slots []uint64
	shift uint // places are hash >> shift
	used  int
}

// find returns the code whose text same reports equal, or the slot for a new one.
func (x *index) find(hash uint64, same func(code int32) bool) (code int32, slot int) {
	if len(x.slots) == 0 {
		return -1, -1
	}
	mask := len(x.slots) - 1
	for i := int(hash >> x.shift); ; i = (i + 1) & mask {
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
func (x *index) insert(hash uint64, slot int, code int32) {
	if 3*(x.used+1) > 2*len(x.slots) {
		x.put(hash, code)
		return
	}
	x.slots[slot] = hash>>32<<32 | uint64(uint32(code+1))
	x.used++
}

// put adds a code that is not there.
func (x *index) put(hash uint64, code int32) {
	if 3*(x.used+1) > 2*len(x.slots) {
		x.grow()
	}
	x.place(hash>>32<<32 | uint64(uint32(code+1)))
	x.used++
}

func (x *index) grow() { x.resize(max(64, 2*len(x.slots))) }

// resize makes it a table of so many slots, a power of two.
func (x *index) resize(size int) {
	old := x.slots
	x.slots = make([]uint64, size)
	x.shift = uint(65 - bits.Len(uint(len(x.slots))))
	for _, s := range old {
		if s != 0 {
			x.place(s)
		}
	}
}

// reserve makes room for so many codes.
func (x *index) reserve(codes int) {
	if size := 1 << bits.Len(uint(codes+codes/2)); size > max(64, len(x.slots)) && size <= 1<<31 {
		x.resize(size)
	}
}

func (x *index) place(s uint64) {
	mask := len(x.slots) - 1
	i := int(s >> x.shift)
	for x.slots[i] != 0 {
		i = (i + 1) & mask
	}
	x.slots[i] = s
}

// texts holds strings without a header or an allocation each: the bytes of each
// stand behind their number in a piece of memory that never moves.
type texts struct {
	pieces []*strings.Builder
	starts column[uint32] // number of the piece, place in it
	n      int
}

const (
	pieceBits = 20
	pieceSize = 1 << pieceBits
)

func (t *texts) len() int { return t.n }

func (t *texts) at(i int32) string {
	start := t.starts.at(int(i))
	s := t.pieces[start>>pieceBits].String()[start&(pieceSize-1):]
	if n := int(s[0]); n < 0x80 {
		return s[1 : 1+n]
	}
	n, size := 0, 0
	for shift := 0; ; shift += 7 {
		c := s[size]
		size++
		n |= int(c&0x7f) << shift
		if c < 0x80 {
			return s[size : size+n]
		}
	}
}

func (t *texts) add(b []byte) error {
	var head [binary.MaxVarintLen64]byte
	size := binary.PutUvarint(head[:], uint64(len(b)))
	last := len(t.pieces) - 1
	if last < 0 || t.pieces[last].Len()+size+len(b) > pieceSize {
		piece := new(strings.Builder)
		if last >= 0 { // the first one grows, for most dictionaries are small
			piece.Grow(max(pieceSize, size+len(b)))
		}
		t.pieces = append(t.pieces, piece)
		last++
	}
	if last >= 1<<(32-pieceBits) || t.n == math.MaxInt32 {
		return errText
	}
	p := t.pieces[last]
	t.starts.set(t.n, uint32(last)<<pieceBits|uint32(p.Len()))
	t.n++
	p.Write(head[:size])
	p.Write(b)
	return nil
}

// hasher hashes texts. What several of its copies hash is the same.
type hasher struct {
	seed   maphash.Seed
	s0, s1 uint64
}

func newHasher() hasher {
	seed := maphash.MakeSeed()
	return hasher{seed, maphash.String(seed, "0"), maphash.String(seed, "1")}
}

// key is a text of up to 15 bytes and its length, or the beginning of a longer
// one. What is compared then stands beside the number, and not somewhere else.
type key struct{ lo, hi uint64 }

const longKey = 0xff << 56

func (k key) long() bool { return k.hi >= longKey }

func keyOf(b []byte) key {
	le := binary.LittleEndian
	switch n := len(b); {
	case n >= 16:
		return key{le.Uint64(b), le.Uint64(b[8:])&(1<<56-1) | longKey}
	case n >= 8:
		return key{le.Uint64(b), le.Uint64(b[n-8:])>>(8*(16-n)) | uint64(n)<<56}
	case n >= 4:
		return key{uint64(le.Uint32(b)) | uint64(le.Uint32(b[n-4:]))<<(8*(n-4)), uint64(n) << 56}
	case n > 0:
		return key{uint64(b[0]) | uint64(b[n/2])<<8 | uint64(b[n-1])<<16, uint64(n) << 56}
	}
	return key{}
}

// hash returns the hash of a text and its key.
func (h *hasher) hash(b []byte) (uint64, key) {
	k := keyOf(b)
	if k.long() {
		return maphash.Bytes(h.seed, b), k
	}
	hi, lo := bits.Mul64(k.lo^h.s0, k.hi^h.s1)
	hi, lo = bits.Mul64(hi^lo^h.s1, 0x9e3779b97f4a7c15)
	return hi ^ lo, k
}

// with returns a hash of a text, whose own is given, and of another one.
func (h *hasher) with(hash uint64, b []byte) uint64 {
	other, _ := h.hash(b)
	return mix(hash^other, 1)
}

// dict numbers distinct texts in the order of their first appearance; code 0
// is the blank.
type dict struct {
	texts
	index
	hasher *hasher
	keys   [][]key // by code
	last   key     // the previous look-up: exports repeat themselves line after line
	code0  int32   // its code
}

const (
	keyBits = 12
	keySize = 1 << keyBits
)

func newDict(h *hasher) *dict {
	d := &dict{hasher: h}
	d.put(nil, key{})
	return d
}

func (d *dict) key(code int32) key { return d.keys[code>>keyBits][code&(keySize-1)] }

func (d *dict) code(b []byte) (int32, error) {
	if len(b) == 0 {
		return 0, nil
	}
	k := keyOf(b)
	if k == d.last && (!k.long() || d.at(d.code0) == string(b)) {
		return d.code0, nil
	}
	hash, k := d.hasher.hash(b)
	return d.codeOf(b, hash, k)
}

// codeOf is code for a text whose hash and key are known.
func (d *dict) codeOf(b []byte, hash uint64, k key) (int32, error) {
	code, slot := d.lookUp(b, hash, k)
	if code < 0 {
		var err error
		if code, err = d.put(b, k); err != nil {
			return 0, err
		}
		d.insert(hash, slot, code)
	}
	d.last, d.code0 = k, code
	return code, nil
}

// lookUp is find, written out: nothing is done more often.
func (d *dict) lookUp(b []byte, hash uint64, k key) (code int32, slot int) {
	mask := len(d.slots) - 1
	if mask < 0 {
		return -1, -1
	}
	for i := int(hash >> d.shift); ; i = (i + 1) & mask {
		s := d.slots[i]
		if s == 0 {
			return -1, i
		}
		if s>>32 == hash>>32 {
			if code = int32(uint32(s)) - 1; d.key(code) == k && (!k.long() || d.at(code) == string(b)) {
				return code, i
			}
		}
	}
}

func (d *dict) put(b []byte, k key) (int32, error) {
	code := d.len()
	if err := d.add(b); err != nil {
		return 0, err
	}
	last := len(d.keys) - 1
	if last < 0 || len(d.keys[last]) == keySize {
		size := keySize
		if last < 0 {
			size = 8
		}
		d.keys = append(d.keys, make([]key, 0, size))
		last++
	}
	d.keys[last] = append(d.keys[last], k)
	return int32(code), nil
}

// likely returns a code that the text of a hash probably has, if it has one; 0
// if it has none.
func (d *dict) likely(hash uint64) int32 {
	if len(d.slots) == 0 {
		return 0
	}
	if s := d.slots[hash>>d.shift]; s != 0 && s>>32 == hash>>32 {
		return int32(uint32(s)) - 1
	}
	return 0
}

// placed is a text on its way to its place: eight bytes of it, and its code.
type placed struct {
	prefix uint64
	code   int32
}

func (d *dict) compare(a, b placed) int {
	if a.prefix != b.prefix {
		return cmp.Compare(a.prefix, b.prefix)
	}
	return strings.Compare(d.at(a.code), d.at(b.code))
}

// sort sorts entries, the halves of many at the same time.
func (d *dict) sort(entries []placed, workers int) []placed {
	if workers < 2 || len(entries) < 1<<14 {
		slices.SortFunc(entries, d.compare)
		return entries
	}
	middle := len(entries) / 2
	var left, right []placed
	var wait sync.WaitGroup
	wait.Go(func() { left = d.sort(entries[:middle], workers/2) })
	right = d.sort(entries[middle:], workers-workers/2)
	wait.Wait()
	merged := make([]placed, 0, len(entries))
	for len(left) > 0 && len(right) > 0 {
		if d.compare(left[0], right[0]) < 0 {
			merged, left = append(merged, left[0]), left[1:]
		} else {
			merged, right = append(merged, right[0]), right[1:]
		}
	}
	return append(append(merged, left...), right...)
}

// names is a finished dictionary: distinct texts ascending bytewise, the blank first.
type names []string

// sorted returns the texts of d in order and the rank of each code among them.
func (d *dict) sorted(workers int) (names, []int32) {
	n := d.len()
	skip := d.commonPrefix()
	entries := make([]placed, n)
	for c := range entries {
		entries[c] = placed{prefix(d.at(int32(c)), skip), int32(c)}
	}
	entries = d.sort(entries, workers)
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
