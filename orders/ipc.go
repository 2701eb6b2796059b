package orders

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/ipc"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/guard"
)

// WriteIPC writes all that is known of the export to w, as an Arrow IPC file
// (also known as Feather, version 2) with the columns of [History.Records],
// compressed with zstd. [ReadFile], with the same options, makes an equal
// History of it, and anything that reads Arrow can read the lines.
//
// The same History gives the same bytes. It returns [ErrQuery] (wrapped) after
// Release, the error of ctx and that of w.
func (h *History) WriteIPC(ctx context.Context, w io.Writer) (err error) {
	mem := memory.NewGoAllocator() // an ipc.FileWriter never gives its dictionaries back
	var out *ipc.FileWriter
	for record, err := range h.Records(ctx, mem) {
		if err != nil {
			return err
		}
		if out == nil {
			out, err = ipc.NewFileWriter(&position{w: w}, ipc.WithSchema(record.Schema()), ipc.WithAllocator(mem), ipc.WithZstd())
			if err != nil {
				return fmt.Errorf("orders: writing: %w", err)
			}
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("orders: writing: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("orders: writing: %w", err)
	}
	return nil
}

// position is a writer that can be asked where it stands, and nothing more:
// all that an ipc.FileWriter needs.
type position struct {
	w io.Writer
	n int64
}

func (p *position) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	p.n += int64(n)
	return n, err
}

func (p *position) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, errors.New("orders: a stream cannot seek")
	}
	return p.n, nil
}

// ipc reads an Arrow file of so many bytes.
func (in *intake) ipc(name string, f ipcFile, size int64) error {
	before := in.done
	return in.records(name, ipcRecords(name, f, size, func(part, of int) {
		in.done = before + size/int64(of)*int64(part)
		if part == of {
			in.done = before + size
		}
	}))
}

// detectIPC finds out what an Arrow file of so many bytes holds.
func detectIPC(ctx context.Context, name string, f ipcFile, size int64, o Options) (*layout, error) {
	next, stop := iter.Pull2(ipcRecords(name, f, size, func(_, _ int) {}))
	defer stop()
	first, err, ok := next()
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, &FormatError{name, "empty", 0, "there is nothing in it; export it again"}
	}
	if _, ok := first.Schema().Metadata().GetValue(historyKey); ok {
		return &layout{Detection: Detection{File: name, Format: "history"}}, nil
	}
	rows, end := iter.Pull2(recordRows(name, first, next, ctx.Err))
	defer end()
	l, _, err := peek(name, "arrow", headerOf(first), rows, o)
	return l, err
}

// ipcFile is what an Arrow file is read from.
type ipcFile interface {
	io.ReaderAt
	io.Seeker
	io.Reader
}

// ipcRecords yields the records of an Arrow file of so many bytes. A damaged
// file is a [*FormatError], and costs no more memory than an honest one. It calls
// done with how many of how many records were read.
func ipcRecords(name string, f ipcFile, size int64, done func(part, of int)) iter.Seq2[arrow.Record, error] {
	damaged := func(err error) error {
		return &FormatError{name, "arrow", 0, fmt.Sprintf("the file is damaged, or was not written to its end (%v); write it again", err)}
	}
	return func(yield func(arrow.Record, error) bool) {
		// Dictionaries are never given back, so the memory must be Go's own.
		mem := guard.NewMemory(memory.NewGoAllocator(), size)
		var r *ipc.FileReader
		if err := guard.Run(func() (err error) {
			if err := guard.Footer(f, size); err != nil {
				return err
			}
			r, err = ipc.NewFileReader(f, ipc.WithAllocator(mem))
			return err
		}); err != nil {
			yield(nil, damaged(err))
			return
		}
		defer r.Close()
		for i := range r.NumRecords() {
			var record arrow.Record
			if err := guard.Run(func() (err error) {
				record, err = r.RecordAt(i)
				return err
			}); err != nil {
				yield(nil, damaged(err))
				return
			}
			done(i+1, r.NumRecords())
			ok := yield(record, nil)
			record.Release()
			if !ok {
				return
			}
		}
	}
}

// isIPC reports whether a file that begins so is an Arrow file.
func isIPC(head []byte) bool { return bytes.HasPrefix(head, ipc.Magic) }
