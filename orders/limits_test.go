package orders

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestLimits(t *testing.T) {
	const text = "date,customer,revenue\n2024-01-31,a,1\n2024-01-31,b,2\n2024-01-31,c,3\n"
	for _, c := range []struct {
		name, in string
		limits   Limits
		want     string // of the FormatError; "": none
	}{
		{"within", text, Limits{RecordBytes: 30, CellBytes: 10, Columns: 3, Rows: 4}, ""},
		{"rows", text, Limits{Rows: 3}, "row 4: more than 3 rows; if that is right, raise Options.Limits.Rows"},
		{"columns", text, Limits{Columns: 2}, "more than 2 columns; if that is right, raise Options.Limits.Columns"},
		{"record", text + "2024-01-31," + strings.Repeat("d", 100) + ",4\n", Limits{RecordBytes: 64}, "row 5, which begins on line 5, does not end within 64 bytes"},
		{"default of columns", "date,customer,revenue" + strings.Repeat(",x", 16_384) + "\n", Limits{}, "more than 16384 columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := Read(context.Background(), "f.csv", strings.NewReader(c.in), Options{Limits: c.limits})
			if err == nil {
				h.Release()
			}
			_, format := errors.AsType[*FormatError](err)
			if (c.want != "") != format || c.want != "" && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
	if err := (Options{Limits: Limits{PartBytes: -1}}).check(); !errors.Is(err, ErrOptions) || !strings.Contains(err.Error(), "Limits.PartBytes = -1") {
		t.Errorf("a negative limit: %v", err)
	}
}

// TestLongCell: a cell beyond the limit costs its row and nothing else.
func TestLongCell(t *testing.T) {
	got, err := transcribe("date,customer,revenue,note\n2024-01-31,a,1,"+strings.Repeat("x", 21)+"\n2024-01-31,b,2,"+strings.Repeat("y", 20)+"\n", Options{Limits: Limits{CellBytes: 20}})
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("reject 2/2 column 4 (note) long_cell %q money 1\n2024-01-31 customer=b revenue=2\n", strings.Repeat("x", 21)); got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestEndlessLine: a line of a gigabyte costs about a record of memory.
func TestEndlessLine(t *testing.T) {
	const size = 1 << 30
	src := io.MultiReader(strings.NewReader("date,customer,revenue\n2024-01-31,a,1\n"), &sparse{left: size})
	_, err := Read(context.Background(), "f.csv", src, Options{})
	if _, format := errors.AsType[*FormatError](err); !format || !strings.Contains(err.Error(), "row 3, which begins on line 3, does not end within 1048576 bytes") {
		t.Errorf("%v", err)
	}
}

// sparse is a text of so many commas.
type sparse struct{ left int }

func (s *sparse) Read(p []byte) (int, error) {
	n := min(len(p), s.left)
	if n == 0 {
		return 0, io.EOF
	}
	for i := range p[:n] {
		p[i] = ','
	}
	s.left -= n
	return n, nil
}
