package orders

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

// CollectRows makes a History of the answer to a query, which it reads to its
// end and closes. A row is what it is in a file: columns find their roles by
// their names, so that a query can say what is what ("select total as revenue"),
// or by Options.Columns or Mapping; rows go through the same checks, and what is
// rejected is told by the number of the row, from 1, and of the column.
//
// NULL is blank. Decimals, which drivers hand over as text, and whole numbers
// are exact, and are rounded and counted if they have more than four places; of
// floats 15 significant digits count. A time is of the day that it has in the
// location that the driver gives it. Errors are those of [ReadFile] and of rows.
func CollectRows(ctx context.Context, rows *sql.Rows, o Options) (*History, error) {
	defer rows.Close()
	b, err := newBuilder(o)
	if err != nil {
		return nil, err
	}
	if err := newIntake(ctx, o, b).sql("rows", rows); err != nil {
		b.release()
		return nil, err
	}
	return b.finish(ctx)
}

// sql reads the answer to a query.
func (in *intake) sql(name string, rows *sql.Rows) error {
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	header := make([]string, len(types))
	for i, t := range types {
		header[i] = t.Name()
	}
	return in.table(name, "sql", header, in.sqlRows(rows, types))
}

// sqlRows yields the rows of an answer as those of a table.
func (in *intake) sqlRows(rows *sql.Rows, types []*sql.ColumnType) iter.Seq2[*tableRow, error] {
	return func(yield func(*tableRow, error) bool) {
		cells := newSQLCells(types)
		for rows.Next() {
			err := rows.Scan(cells.targets...)
			if err == nil {
				err = cells.read()
			}
			if in.done++; err == nil && in.done%4096 == 0 {
				err = in.tick()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&cells.row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("orders: %w", err))
		}
	}
}

// sqlCells are the rows of an answer as those of a table.
type sqlCells struct {
	row     tableRow
	values  []any
	targets []any // pointers to values
	dates   []bool
	numbers []bool
	text    []byte
	ends    []int
}

func newSQLCells(types []*sql.ColumnType) *sqlCells {
	n := len(types)
	c := &sqlCells{values: make([]any, n), targets: make([]any, n), dates: make([]bool, n), numbers: make([]bool, n), ends: make([]int, n)}
	c.row.Cells, c.row.kinds = make([][]byte, n), make([]cellKind, n)
	for i, t := range types {
		c.targets[i] = &c.values[i]
		name, _, _ := strings.Cut(strings.ToUpper(t.DatabaseTypeName()), "(")
		switch name {
		case "DATE", "DATE32":
			c.dates[i] = true
		case "DECIMAL", "NUMERIC", "NUMBER", "DEC", "DECIMAL32", "DECIMAL64", "DECIMAL128", "DECIMAL256":
			c.numbers[i] = true
		}
	}
	return c
}

// read makes the row of the values that were scanned.
func (c *sqlCells) read() error {
	c.row.Row++
	c.text = c.text[:0]
	for i, v := range c.values {
		var kind cellKind
		var err error
		if t, ok := v.(time.Time); ok && c.dates[i] { // at midnight, of no zone in particular
			c.text, kind = t.AppendFormat(c.text, time.DateOnly), dateCell
		} else if c.text, kind, err = appendValue(c.text, v); err != nil {
			return fmt.Errorf("orders: row %d, column %d: %w", c.row.Row, i+1, err)
		}
		if c.numbers[i] {
			kind = numberCell
		}
		c.row.kinds[i], c.ends[i] = kind, len(c.text)
	}
	start := 0
	for i, end := range c.ends {
		c.row.Cells[i] = c.text[start:end:end]
		start = end
	}
	return nil
}

// appendValue appends what a driver gives for a cell as text, and says what it is.
func appendValue(b []byte, v any) ([]byte, cellKind, error) {
	switch v := v.(type) {
	case nil:
		return b, textCell, nil
	case string:
		return append(b, v...), textCell, nil
	case []byte:
		return append(b, v...), textCell, nil
	case int64:
		return strconv.AppendInt(b, v, 10), textCell, nil
	case float64:
		return appendFloat(b, v, 64), numberCell, nil
	case float32:
		return appendFloat(b, float64(v), 32), numberCell, nil
	case bool:
		return appendBool(b, v), textCell, nil
	case time.Time:
		return v.AppendFormat(b, "2006-01-02T15:04:05Z07:00"), dateCell, nil
	case driver.Valuer:
		value, err := v.Value()
		if _, again := value.(driver.Valuer); again && err == nil {
			err = fmt.Errorf("a %T, whose value is another", v)
		}
		if err != nil {
			return b, textCell, err
		}
		return appendValue(b, value)
	}
	return fmt.Append(b, v), textCell, nil
}
