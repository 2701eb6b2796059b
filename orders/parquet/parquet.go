// Package parquet is the door between Parquet files and histories of orders. It
// is a package of its own because of what it links: gRPC and Thrift among others.
//
//	f, err := os.Open("orders.parquet")
//	…
//	sales, err := orders.CollectRecords(ctx, parquet.Records(ctx, f, memory.DefaultAllocator), orders.Options{})
package parquet

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"
	"github.com/apache/arrow/go/v16/parquet"
	"github.com/apache/arrow/go/v16/parquet/compress"
	"github.com/apache/arrow/go/v16/parquet/file"
	"github.com/apache/arrow/go/v16/parquet/metadata"
	"github.com/apache/arrow/go/v16/parquet/pqarrow"

	"github.com/repeatsales/repeatsales/internal/guard"
	"github.com/repeatsales/repeatsales/orders"
)

// ErrFile reports a file that is no Parquet, is damaged, or was not written to its end.
var ErrFile = errors.New("parquet: no Parquet file, or a damaged one")

// batch is how many rows a record has.
const batch = 64 << 10

// File is what a Parquet file is read from, such as an *os.File or a *bytes.Reader.
type File interface {
	io.ReaderAt
	io.Seeker
}

// Records yields the rows of a Parquet file as Arrow records of up to 65,536
// rows, for [orders.CollectRecords]. Each record is the loop's until its next
// step. The file is read while the loop runs, one row group after the other, and
// is not closed.
//
// What is damaged is an error, [ErrFile] (wrapped), and costs no more memory
// than 64 times the file's size, or 64 MiB; other errors are those of ctx.
func Records(ctx context.Context, f File, mem memory.Allocator) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		r, err := open(ctx, f, mem)
		if err != nil {
			yield(nil, err)
			return
		}
		defer r.close()
		for {
			record, err := r.next(ctx)
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			ok := yield(record, nil)
			record.Release()
			if !ok {
				return
			}
		}
	}
}

// reader reads the records of one file.
type reader struct {
	records    pqarrow.RecordReader
	metadata   arrow.Metadata // of the file, which the records do not have by themselves
	schema     *arrow.Schema
	rows, read int64 // that the file says it has, and that were read
}

// schemaKey is the key of metadata under which Parquet files keep the Arrow
// schema that they were written from.
const schemaKey = "ARROW:schema"

// readMetadata takes over the metadata of the file.
func (r *reader) readMetadata(file metadata.KeyValueMetadata) error {
	var keys, values []string
	for i, key := range file.Keys() {
		if key != schemaKey {
			keys, values = append(keys, key), append(values, file.Values()[i])
			continue
		}
		message, err := base64.StdEncoding.DecodeString(file.Values()[i])
		if err != nil {
			message, err = base64.RawStdEncoding.DecodeString(file.Values()[i])
		}
		if err != nil {
			return err
		}
		if err := guard.Schema(message); err != nil {
			return err
		}
	}
	r.metadata = arrow.NewMetadata(keys, values)
	return nil
}

// open opens a file.
func open(ctx context.Context, f File, mem memory.Allocator) (r *reader, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	r = new(reader)
	err = guard.Run(func() error {
		limited := guard.NewMemory(mem, size)
		properties := parquet.NewReaderProperties(limited)
		properties.BufferedStreamEnabled = true // else it makes room for whatever length the file claims
		pages, err := file.NewParquetReader(f, file.WithReadProps(properties))
		if err != nil {
			return err
		}
		r.rows = pages.NumRows()
		if err := r.readMetadata(pages.MetaData().KeyValueMetadata()); err != nil {
			return err
		}
		// In parallel, the panic of a damaged file would be that of another goroutine.
		rows, err := pqarrow.NewFileReader(pages, pqarrow.ArrowReadProperties{Parallel: false, BatchSize: batch}, limited)
		if err != nil {
			return err
		}
		if r.records, err = rows.GetRecordReader(ctx, nil, nil); err != nil {
			return err
		}
		r.schema = arrow.NewSchema(r.records.Schema().Fields(), &r.metadata)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return r, nil
}

// next returns the next record, which the caller releases; io.EOF behind the last.
func (r *reader) next(ctx context.Context) (record arrow.Record, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = guard.Run(func() error {
		if r.records.Next() {
			record = array.NewRecord(r.schema, r.records.Record().Columns(), r.records.Record().NumRows())
			return nil
		}
		if err := r.records.Err(); err != nil && err != io.EOF {
			return err
		}
		return io.EOF
	})
	switch {
	case err == nil:
		r.read += record.NumRows()
		return record, nil
	case err != io.EOF:
		return nil, fmt.Errorf("%w: after %d rows: %w", ErrFile, r.read, err)
	case r.read != r.rows:
		return nil, fmt.Errorf("%w: it has %d rows and says that it has %d", ErrFile, r.read, r.rows)
	}
	return nil, io.EOF
}

func (r *reader) close() {
	_ = guard.Run(func() error {
		r.records.Release()
		return nil
	})
}

// Write writes all that is known of a History to w as a Parquet file, zstd
// compressed, with the columns and the metadata of [orders.History.Records]:
// [Records] and [orders.CollectRecords], with the same options, make an equal
// History of it. The same History gives the same bytes.
//
// It returns the errors of h.Records and those of w, and leaves w open.
func Write(ctx context.Context, w io.Writer, h *orders.History) error {
	var out *pqarrow.FileWriter
	for record, err := range h.Records(ctx, memory.DefaultAllocator) {
		if err != nil {
			return err
		}
		if out == nil {
			if out, err = newWriter(w, record.Schema()); err != nil {
				return fmt.Errorf("parquet: writing: %w", err)
			}
		}
		if err := out.WriteBuffered(record); err != nil {
			return fmt.Errorf("parquet: writing: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("parquet: writing: %w", err)
	}
	return nil
}

func newWriter(w io.Writer, schema *arrow.Schema) (*pqarrow.FileWriter, error) {
	return pqarrow.NewFileWriter(schema, struct{ io.Writer }{w}, // which it cannot close
		parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithVersion(parquet.V2_LATEST)),
		pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
}
