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
// step. Columns within columns (structs, lists, maps) are left out. The file is
// read while the loop runs, one row group after the other, and is not closed.
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

// reader reads the records of one file, row group by row group. It does not use
// the library's own reader of records, which opens columns in goroutines, where
// the panic of a damaged file ends the program.
type reader struct {
	mem     memory.Allocator
	rows    *pqarrow.FileReader
	fields  []int // of the file's fields, those that are columns of a table
	schema  *arrow.Schema
	group   int // row groups opened so far
	groups  int
	left    int64 // rows of the group that were not read yet
	columns []*pqarrow.ColumnReader
	read    int64 // rows in all
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
	if err := guard.Run(func() error { return r.open(f, guard.NewMemory(mem, size)) }); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return r, nil
}

func (r *reader) open(f File, mem memory.Allocator) error {
	r.mem = mem
	properties := parquet.NewReaderProperties(mem)
	properties.BufferedStreamEnabled = true // else it makes room for whatever length the file claims
	pages, err := file.NewParquetReader(f, file.WithReadProps(properties))
	if err != nil {
		return err
	}
	keys, values, err := metadataOf(pages.MetaData().KeyValueMetadata())
	if err != nil {
		return err
	}
	r.groups = pages.NumRowGroups()
	r.rows, err = pqarrow.NewFileReader(pages, pqarrow.ArrowReadProperties{Parallel: false, BatchSize: batch}, mem)
	if err != nil {
		return err
	}
	var fields []arrow.Field
	for i, field := range r.rows.Manifest.Fields {
		if len(field.Children) == 0 && field.IsLeaf() {
			r.fields, fields = append(r.fields, i), append(fields, *field.Field)
		}
	}
	if len(fields) == 0 {
		return errors.New("it has no columns")
	}
	metadata := arrow.NewMetadata(keys, values)
	r.schema = arrow.NewSchema(fields, &metadata)
	return nil
}

// schemaKey is the key of metadata under which Parquet files keep the Arrow
// schema that they were written from.
const schemaKey = "ARROW:schema"

// metadataOf returns the metadata of a file but for the Arrow schema, which it checks.
func metadataOf(file metadata.KeyValueMetadata) (keys, values []string, err error) {
	for i, key := range file.Keys() {
		value := file.Values()[i]
		if key != schemaKey {
			keys, values = append(keys, key), append(values, value)
			continue
		}
		message, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			message, err = base64.RawStdEncoding.DecodeString(value)
		}
		if err != nil {
			return nil, nil, err
		}
		if err := guard.Schema(message); err != nil {
			return nil, nil, err
		}
	}
	return keys, values, nil
}

// next returns the next record, which the caller releases; io.EOF behind the last.
func (r *reader) next(ctx context.Context) (record arrow.Record, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = guard.Run(func() error {
		for r.left == 0 {
			if r.group == r.groups {
				return io.EOF
			}
			if err := r.openGroup(ctx); err != nil {
				return err
			}
		}
		record, err = r.record()
		return err
	})
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: after %d rows: %w", ErrFile, r.read, err)
	}
	return record, err
}

// openGroup opens the columns of the next row group.
func (r *reader) openGroup(ctx context.Context) error {
	r.closeGroup()
	group := r.rows.ParquetReader().MetaData().RowGroup(r.group)
	if r.left = group.NumRows(); r.left < 0 {
		return fmt.Errorf("row group %d has %d rows", r.group, r.left)
	}
	for _, i := range r.fields {
		leaf := r.rows.Manifest.Fields[i].ColIndex
		column, err := r.rows.GetFieldReader(ctx, i, map[int]bool{leaf: true}, []int{r.group})
		if err != nil {
			return err
		}
		r.columns = append(r.columns, column)
	}
	r.group++
	return nil
}

// record returns the next rows of the row group.
func (r *reader) record() (arrow.Record, error) {
	columns := make([]arrow.Array, 0, len(r.columns))
	defer func() {
		for _, c := range columns {
			c.Release()
		}
	}()
	rows := min(batch, r.left)
	for i, column := range r.columns {
		chunks, err := column.NextBatch(rows)
		if err != nil {
			return nil, err
		}
		values, err := single(chunks, r.mem)
		if err != nil {
			return nil, err
		}
		columns = append(columns, values)
		if int64(values.Len()) != rows {
			return nil, fmt.Errorf("column %q has %d rows where there should be %d", r.schema.Field(i).Name, values.Len(), rows)
		}
	}
	r.left -= rows
	r.read += rows
	return array.NewRecord(r.schema, columns, rows), nil
}

// single returns chunks as one array.
func single(chunks *arrow.Chunked, mem memory.Allocator) (arrow.Array, error) {
	defer chunks.Release()
	if list := chunks.Chunks(); len(list) == 1 {
		list[0].Retain()
		return list[0], nil
	}
	return array.Concatenate(chunks.Chunks(), mem)
}

func (r *reader) closeGroup() {
	for _, c := range r.columns {
		c.Release()
	}
	r.columns = r.columns[:0]
}

func (r *reader) close() {
	_ = guard.Run(func() error {
		r.closeGroup()
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
	to := &output{w: w}
	err := guard.Run(func() error { return write(ctx, to, h) }) // for the library panics if w fails
	if to.err != nil {
		err = to.err
	}
	if err != nil {
		return fmt.Errorf("parquet: writing: %w", err)
	}
	return nil
}

func write(ctx context.Context, w io.Writer, h *orders.History) error {
	var out *pqarrow.FileWriter
	for record, err := range h.Records(ctx, memory.DefaultAllocator) {
		if err != nil {
			return err
		}
		if out == nil {
			if out, err = newWriter(w, record.Schema()); err != nil {
				return err
			}
		}
		if err := out.WriteBuffered(record); err != nil {
			return err
		}
	}
	return out.Close()
}

// output is a writer that remembers its error, and that the library cannot close.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(b []byte) (int, error) {
	n, err := o.w.Write(b)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

// newWriter returns a writer of records of a schema. Texts that are dictionaries
// in memory are so in the file, however large, and nothing else is: a column
// that turns from one to the other halfway has its encodings listed in random order.
func newWriter(w io.Writer, schema *arrow.Schema) (*pqarrow.FileWriter, error) {
	properties := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd), parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithDictionaryDefault(false), parquet.WithDictionaryPageSizeLimit(1 << 30),
	}
	for _, f := range schema.Fields() {
		if f.Type.ID() == arrow.DICTIONARY {
			properties = append(properties, parquet.WithDictionaryFor(f.Name, true))
		}
	}
	return pqarrow.NewFileWriter(schema, w, parquet.NewWriterProperties(properties...), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
}
