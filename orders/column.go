package orders

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"
)

// chunkLines is how many values one Arrow buffer of a column holds.
const (
	chunkBits  = 16
	chunkLines = 1 << chunkBits
)

// column is one value per line, or per document, in Arrow buffers of chunkLines
// each: it grows without being copied. A column whose values are all zero so
// far has no buffer: what an export does not have costs nothing.
type column[T int32 | uint32 | int64 | uint8] struct {
	allocator memory.Allocator // nil: Go's heap, and there is nothing to release
	buffers   []*memory.Buffer
	values    [][]T // the buffers' contents
}

// set stores v as the value of line n.
func (c *column[T]) set(n int, v T) {
	k, i := n>>chunkBits, n&(chunkLines-1)
	if k < len(c.values) && i < len(c.values[k]) {
		c.values[k][i] = v
		return
	}
	if v == 0 {
		return
	}
	c.grow(k, i+1)
	c.values[k][i] = v
}

// add adds v to the value of line n.
func (c *column[T]) add(n int, v T) {
	if v != 0 {
		c.set(n, c.at(n)+v)
	}
}

// repeat stores v as the value of so many lines, from line n on.
func (c *column[T]) repeat(n, lines int, v T) {
	for lines > 0 && (v != 0 || n>>chunkBits < len(c.values)) {
		room := c.room(n, lines)
		for i := range room {
			room[i] = v
		}
		n, lines = n+len(room), lines-len(room)
	}
}

// room returns the values of line n and some lines behind it, at most so many,
// to be written to.
func (c *column[T]) room(n, lines int) []T {
	k, i := n>>chunkBits, n&(chunkLines-1)
	end := min(i+lines, chunkLines)
	if k >= len(c.values) || end > len(c.values[k]) {
		c.grow(k, end)
	}
	return c.values[k][i:end]
}

// grow makes room for size values of chunk k. The first chunk doubles, so that
// a small history stays small.
func (c *column[T]) grow(k, size int) {
	for len(c.values) <= k {
		if last := len(c.values) - 1; last >= 0 {
			c.resize(last, chunkLines)
		}
		if c.allocator == nil {
			c.allocator = memory.NewGoAllocator()
		}
		c.buffers = append(c.buffers, memory.NewResizableBuffer(c.allocator))
		c.values = append(c.values, nil)
	}
	if k > 0 {
		size = chunkLines
	} else {
		size = min(chunkLines, max(64, 2*len(c.values[0]), size))
	}
	c.resize(k, size)
}

func (c *column[T]) resize(k, size int) {
	old := len(c.values[k])
	if size <= old {
		return
	}
	width := arrow.GetBytes(make([]T, 1))
	c.buffers[k].Resize(size * len(width))
	c.values[k] = arrow.GetData[T](c.buffers[k].Bytes())
	clear(c.values[k][old:])
}

// at returns the value of line n; 0 if it was never set.
func (c *column[T]) at(n int) T {
	if k := n >> chunkBits; k < len(c.values) {
		if i := n & (chunkLines - 1); i < len(c.values[k]) {
			return c.values[k][i]
		}
	}
	return 0
}

// move makes the value of line from that of line to, which is not after it.
func (c *column[T]) move(to, from int) {
	if !c.absent() {
		c.set(to, c.at(from))
	}
}

// absent reports whether no line has a value.
func (c *column[T]) absent() bool { return len(c.values) == 0 }

func (c *column[T]) release() {
	for _, b := range c.buffers {
		b.Release()
	}
	c.buffers, c.values = nil, nil
}

// recode replaces every code by its rank.
func recode(c *column[int32], rank []int32) {
	for _, chunk := range c.values {
		for i, code := range chunk {
			chunk[i] = rank[code]
		}
	}
}
