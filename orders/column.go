package orders

import (
	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"
)

// chunkLines is how many lines one Arrow buffer of a column holds.
const (
	chunkBits  = 16
	chunkLines = 1 << chunkBits
)

// column is one value per line in Arrow buffers of chunkLines each. A column
// whose values are all zero so far has no buffer: what an export does not have
// costs nothing.
type column[T int32 | int64 | uint8] struct {
	allocator memory.Allocator
	buffers   []*memory.Buffer
	values    [][]T // the buffers' contents
}

// set stores v as the value of line n, which is not before any line set before.
func (c *column[T]) set(n int, v T) {
	k, i := n>>chunkBits, n&(chunkLines-1)
	if k < len(c.values) && i < len(c.values[k]) {
		c.values[k][i] = v
		return
	}
	if v == 0 && len(c.values) == 0 {
		return
	}
	c.grow(k, i)
	c.values[k][i] = v
}

// grow makes room for value i of chunk k. The last chunk doubles, so that a
// small history stays small.
func (c *column[T]) grow(k, i int) {
	for len(c.values) <= k {
		if last := len(c.values) - 1; last >= 0 {
			c.resize(last, chunkLines)
		}
		c.buffers = append(c.buffers, memory.NewResizableBuffer(c.allocator))
		c.values = append(c.values, nil)
	}
	size := chunkLines
	if k == 0 {
		size = min(chunkLines, max(64, 2*len(c.values[0]), 2*i))
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
	k, i := n>>chunkBits, n&(chunkLines-1)
	if k >= len(c.values) || i >= len(c.values[k]) {
		return 0
	}
	return c.values[k][i]
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
