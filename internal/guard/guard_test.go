package guard

import (
	"errors"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow/memory"
)

func TestRun(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name string
		f    func() error
		want string
	}{
		{"no error", func() error { return nil }, ""},
		{"an error", func() error { return broken }, "broken"},
		{"a panic", func() error { panic("lost") }, "lost"},
		{"an index out of range", func() error { _ = make([]byte, 2)[len(t.Name())]; return nil }, "index out of range"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Run(c.f)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestMemory(t *testing.T) {
	arena := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer arena.AssertSize(t, 0)
	m := NewMemory(arena, 10)
	a := m.Allocate(least / 2)
	if err := Run(func() error { m.Allocate(least/2 + 1); return nil }); err == nil {
		t.Error("more than the limit was given")
	}
	a = m.Reallocate(least, a)
	if err := Run(func() error { m.Allocate(1); return nil }); err == nil {
		t.Error("more than the limit was given after growing")
	}
	m.Free(a)
	m.Free(m.Allocate(least)) // as nothing is in use
	if large := NewMemory(arena, 1<<40); large.limit != inflated<<40 {
		t.Errorf("a large file may take %d bytes", large.limit)
	}
}
