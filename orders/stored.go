package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"unicode/utf8"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/memory"
)

// historyKey is the key of schema metadata under which the records of a whole
// History carry what was found while reading it; storedVersion is its form.
const (
	historyKey    = "repeatsales.history"
	storedVersion = 1
)

// Records yields all that is known of the export, so that [CollectRecords]
// makes an equal History of it: the lines as [History.Lines] does, with three
// columns more (anonymous: the customer is nobody in particular, whatever the
// status of the line; customer_named and product_named: the line is one that
// the names are from), and in the metadata of the schema, as JSON, what was
// rejected, skipped, rounded, found and warned of. Each record is the loop's
// until its next step.
//
// Rows are stored as they were decided: returns negative, cancelled lines
// marked, those after Options.AsOf gone. What is decided of all of them
// together, purchases and sides, is decided anew by whoever reads them.
func (h *History) Records(ctx context.Context, mem memory.Allocator) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		schema, err := h.storedSchema()
		if err != nil {
			yield(nil, err)
			return
		}
		for record, err := range h.records(ctx, mem, schema) {
			if !yield(record, err) {
				return
			}
		}
	}
}

// storedSchema is LineSchema with what Records adds to it.
func (h *History) storedSchema() (*arrow.Schema, error) {
	text, err := json.Marshal(h.stored())
	if err != nil {
		return nil, fmt.Errorf("orders: what was found while reading: %w", err)
	}
	fields := LineSchema().Fields()
	for _, name := range []string{"anonymous", "customer_named", "product_named"} {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.FixedWidthTypes.Boolean})
	}
	metadata := arrow.NewMetadata([]string{historyKey}, []string{string(text)})
	return arrow.NewSchema(fields, &metadata), nil
}

// stored is what a History knows of its reading beside the lines.
type stored struct {
	Version       int            `json:"version"`
	Currency      string         `json:"currency"`
	VAT           VAT            `json:"vat"`
	Monthly       bool           `json:"monthly"`
	Rejected      int64          `json:"rejected"`
	MoneyRejected Amount         `json:"money_rejected"`
	Skipped       []Skip         `json:"skipped"`
	Stated        NullAmount     `json:"stated"`
	Rounded       Amount         `json:"rounded"`
	RoundedCells  int64          `json:"rounded_cells"`
	Warnings      []Warning      `json:"warnings"`
	Rejects       []storedReject `json:"rejects"`
	Detections    []Detection    `json:"detections"`
}

// storedReject is a rejected row in JSON, which holds neither errors nor bytes
// that are no UTF-8.
type storedReject struct {
	RowError
	Err   string `json:",omitempty"` // hides that of RowError
	Bytes []byte `json:",omitempty"` // Value, if it is no UTF-8
}

// stored returns what h knows of its reading.
func (h *History) stored() stored {
	c := h.control
	s := stored{
		Version: storedVersion, Currency: c.Currency, VAT: c.VAT, Monthly: c.Precision == Month,
		Rejected: c.Rejected, MoneyRejected: c.MoneyRejected, Skipped: slices.Clone(c.Skipped),
		Stated: c.Stated, Rounded: c.Rounded, RoundedCells: c.RoundedCells,
		Warnings: slices.Clone(h.noted), Detections: slices.Clone(h.detections),
	}
	for _, e := range h.rejects {
		r := storedReject{RowError: e}
		if !utf8.ValidString(e.Value) {
			r.Value, r.Bytes = "", []byte(e.Value)
		}
		s.Rejects = append(s.Rejects, r)
	}
	return s
}

// parseStored reads what storedSchema wrote, and checks it: files are damaged.
func parseStored(text string) (s stored, err error) {
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, err
	}
	switch {
	case s.Version > storedVersion:
		return s, fmt.Errorf("it was written by a newer version of this program")
	case s.Version < 1 || s.Rejected < int64(len(s.Rejects)) || s.RoundedCells < 0:
		return s, fmt.Errorf("its counts cannot be")
	}
	rows := s.Rejected
	for _, skip := range s.Skipped {
		if rows += max(skip.Rows, 0); skip.Rows < 0 || rows < 0 {
			return s, fmt.Errorf("its counts cannot be")
		}
	}
	for i := range s.Rejects {
		if r := &s.Rejects[i]; len(r.Bytes) > 0 {
			r.Value = string(r.Bytes)
		}
	}
	return s, nil
}

// restore hands over what a History knew of its reading; its lines follow.
func (in *intake) restore(name string, s stored) error {
	if err := in.sink.restore(s); err != nil {
		return err
	}
	if s.Currency == "" || s.Currency == in.currency.code {
		return nil
	}
	return in.setCurrency(RowError{File: name, Role: RoleCurrency, Value: s.Currency})
}

// restore takes over what a History knew of its reading.
func (b *builder) restore(s stored) error {
	b.begin()
	b.basis(s.VAT)
	b.monthly = b.o.Precision == Month || b.o.Precision == NoGrain && s.Monthly
	c := &b.control
	b.weigh(s.MoneyRejected)
	c.RowsRead += s.Rejected
	c.Rejected += s.Rejected
	c.MoneyRead += s.MoneyRejected
	c.MoneyRejected += s.MoneyRejected
	for _, skip := range s.Skipped {
		b.skip(skip.Reason, skip.Money)
		b.skipped[skip.Reason].Rows += skip.Rows - 1
		c.RowsRead += skip.Rows - 1
	}
	if s.Stated.Known {
		b.weigh(s.Stated.Amount)
		b.stated(s.Stated.Amount)
	}
	b.weigh(s.Rounded)
	c.Rounded += s.Rounded
	c.RoundedCells += s.RoundedCells
	c.Warnings = append(c.Warnings, s.Warnings...)
	b.detections = append(b.detections, s.Detections...)
	for i := range s.Rejects {
		if b.o.Strict {
			return &s.Rejects[i].RowError
		}
		if len(b.rejects) < b.o.keepRejects() {
			b.rejects = append(b.rejects, s.Rejects[i].RowError)
		}
	}
	return b.overflow()
}
