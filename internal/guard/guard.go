// Package guard reads files that may be damaged, or made to do harm, with
// libraries that trust them: it turns their panics into errors and limits the
// memory that they may ask for.
package guard

import (
	"fmt"

	"github.com/apache/arrow/go/v16/arrow/memory"
)

// Run runs f and returns its error, or its panic as one. A panic that is not of
// the goroutine that f runs in cannot be caught.
func Run(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return f()
}

// A file may not take more memory at a time than inflated times its size, or
// least: only one that claims lengths it does not have would.
const (
	inflated = 64
	least    = 64 << 20
)

// Memory is an allocator that panics rather than give more than its limit. It
// is for one goroutine.
type Memory struct {
	mem         memory.Allocator
	used, limit int64
}

// NewMemory returns an allocator on top of mem for reading a file of so many bytes.
func NewMemory(mem memory.Allocator, size int64) *Memory {
	return &Memory{mem: mem, limit: max(least, inflated*size)}
}

func (m *Memory) take(size int) {
	if m.used += int64(size); m.used > m.limit {
		m.used -= int64(size)
		panic(fmt.Sprintf("it claims to hold more than %d bytes", m.limit))
	}
}

// Allocate implements [memory.Allocator].
func (m *Memory) Allocate(size int) []byte {
	m.take(size)
	return m.mem.Allocate(size)
}

// Reallocate implements [memory.Allocator].
func (m *Memory) Reallocate(size int, b []byte) []byte {
	m.take(size - len(b))
	return m.mem.Reallocate(size, b)
}

// Free implements [memory.Allocator].
func (m *Memory) Free(b []byte) {
	m.used -= int64(len(b))
	m.mem.Free(b)
}
