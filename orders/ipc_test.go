package orders

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/ipc"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/internal/damage"
)

// ipcFiles returns Arrow files of three kinds: a History, and a table as other
// programs write it, compressed and not.
func ipcFiles(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	h, err := Read(context.Background(), "f.csv", strings.NewReader("date;customer;name;order;amount;status\n01.02.2024;1;Ann;A1;10,00;\n02.02.2024;2;Bob;A2;20,5;cancelled\n02.02.2024;2;Bob;A2;x;\n"), Options{MaxRejected: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	var b bytes.Buffer
	if err := h.WriteIPC(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	files["history"] = bytes.Clone(b.Bytes())
	for name, option := range map[string]ipc.Option{"table": ipc.WithMinSpaceSavings(0), "lz4": ipc.WithLZ4()} {
		b.Reset()
		r := recordOf(t, memory.DefaultAllocator,
			arrowColumn{"date", `["2024-01-31",null,"2024-02-01"]`, arrowDay}, arrowColumn{"customer", `["A","B","A"]`, arrowWords},
			arrowColumn{"amount", `["1.5","2","-3"]`, MoneyType()}, arrowColumn{"product", `["tea",null,"pot"]`, arrowText})
		w, err := ipc.NewFileWriter(&position{w: &b}, ipc.WithSchema(r.Schema()), option)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Write(r), w.Write(r), w.Close()); err != nil {
			t.Fatal(err)
		}
		files[name] = bytes.Clone(b.Bytes())
	}
	return files
}

// TestReadTable reads an Arrow file that another program wrote.
func TestReadTable(t *testing.T) {
	files := ipcFiles(t)
	for _, name := range []string{"table", "lz4"} {
		t.Run(name, func(t *testing.T) {
			got := new(transcript)
			if err := newIntake(t.Context(), Options{}, got).stream("f.arrow", bytes.NewReader(files[name])); err != nil {
				t.Fatal(err)
			}
			const once = "2024-01-31 customer=A product=tea revenue=1.5\nreject %/0 column 1 date(date) no_date \"\" money 2\n2024-02-01 customer=A product=pot revenue=-3\n"
			if want := strings.Replace(once, "%", "2", 1) + strings.Replace(once, "%", "5", 1); got.String() != want {
				t.Errorf("read\n%swant\n%s", got, want)
			}
			if d := got.detections[0]; d.Format != "arrow" || d.File != "f.arrow" || len(d.Columns) != 4 {
				t.Errorf("detected %+v", d)
			}
		})
	}
}

// TestDetectIPC finds out what Arrow files hold without reading them whole.
func TestDetectIPC(t *testing.T) {
	for name, file := range ipcFiles(t) {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f.arrow")
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := Detect(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if name == "history" {
				if d.Format != "history" || len(d.Columns) != 0 {
					t.Errorf("a History is %+v", d)
				}
				return
			}
			if c, ok := d.Column(RoleRevenue); d.Format != "arrow" || !ok || c.Header != "amount" {
				t.Errorf("a table is\n%s", d)
			}
			m := d.Mapping()
			h, err := ReadFile(t.Context(), path, Options{Mapping: &m, MaxRejected: 1})
			if err != nil {
				t.Fatalf("by its own mapping: %v", err)
			}
			h.Release()
			if err := os.WriteFile(path, file[:len(file)-1], 0o600); err != nil {
				t.Fatal(err)
			}
			var e *FormatError
			if _, err := Detect(t.Context(), path, Options{}); !errors.As(err, &e) {
				t.Errorf("a file cut short: %v", err)
			}
		})
	}
}

// undamaged reads an Arrow file that may be damaged and checks that it gives a
// [*FormatError] or what adds up.
func undamaged(t testing.TB, file []byte) {
	t.Helper()
	h, err := Read(context.Background(), "f.arrow", bytes.NewReader(file), Options{MaxRejected: 1})
	if err != nil {
		if !strings.HasPrefix(err.Error(), "orders: ") {
			t.Fatalf("error without its package: %v", err)
		}
		return
	}
	defer h.Release()
	c, err := h.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	rows, money := c.Accepted+c.Rejected, c.Export+c.MoneyRejected
	for _, s := range c.Skipped {
		rows, money = rows+s.Rows, money+s.Money
	}
	if rows != c.RowsRead || money != c.MoneyRead || c.Export != c.Identified+c.Anonymous+c.Cancelled {
		t.Fatalf("%d rows and %s read, %d and %s accounted for; export %s", c.RowsRead, c.MoneyRead, rows, money, c.Export)
	}
}

// TestDamaged cuts files short and turns their bits: an error or a history, no
// panic, and no more memory than a small file may cost.
func TestDamaged(t *testing.T) {
	for name, file := range ipcFiles(t) {
		t.Run(name, func(t *testing.T) {
			for n := 0; n < len(file); n += 1 + (len(file)-n)/100 { // more of them towards the end, where the footer is
				h, err := Read(t.Context(), "f.arrow", bytes.NewReader(file[:n]), Options{MaxRejected: 1})
				if err == nil {
					h.Release()
					t.Fatalf("%d of %d bytes are read without an error", n, len(file))
				}
			}
			source, how := rand.NewChaCha8([32]byte{}), [16]byte{}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			rounds := 1000
			if testing.Short() {
				rounds = 200
			}
			for range rounds {
				_, _ = source.Read(how[:])
				undamaged(t, damage.Do(file, how[:4*(1+source.Uint64()%4)]))
			}
			runtime.ReadMemStats(&after)
			if each := (after.TotalAlloc - before.TotalAlloc) / uint64(rounds); each > 100<<20 {
				t.Errorf("a damaged file of %d bytes takes %d bytes", len(file), each)
			}
		})
	}
}

// TestDamagedMessage: what is wrong is said with the file's name and what to do.
func TestDamagedMessage(t *testing.T) {
	file := ipcFiles(t)["history"]
	_, err := Read(t.Context(), "yesterday.arrow", bytes.NewReader(file[:len(file)-1]), Options{})
	var e *FormatError
	if !errors.As(err, &e) || e.File != "yesterday.arrow" || e.Format != "arrow" {
		t.Fatalf("a file cut short: %v", err)
	}
	newer := bytes.Replace(file, []byte(`"version":1`), []byte(`"version":9`), -1)
	if _, err := Read(t.Context(), "yesterday.arrow", bytes.NewReader(newer), Options{}); !errors.As(err, &e) || !strings.Contains(e.Hint, "newer version") {
		t.Fatalf("a file of a later version: %v", err)
	}
}

// TestDeepSchema: columns within columns without an end are an error; the library
// would follow them until the stack is full, which ends the program.
func TestDeepSchema(t *testing.T) {
	nested := arrow.DataType(arrow.PrimitiveTypes.Int8)
	for range 100 {
		nested = arrow.ListOf(nested)
	}
	var b bytes.Buffer
	schema := arrow.NewSchema([]arrow.Field{{Name: "deep", Type: nested, Nullable: true}}, nil)
	w, err := ipc.NewFileWriter(&position{w: &b}, ipc.WithSchema(schema))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(t.Context(), "f.arrow", &b, Options{}); err == nil || !strings.Contains(err.Error(), "in one another") {
		t.Errorf("100 lists in one another: %v", err)
	}
}

// FuzzIPC reads Arrow files to which damage was done.
func FuzzIPC(f *testing.F) {
	files := ipcFiles(f)
	names := slices.Sorted(maps.Keys(files))
	for kind := range names {
		f.Add(uint8(kind), []byte{})
		f.Add(uint8(kind), []byte{100, 1, 4, 1, 200, 0, 1, 255})
	}
	f.Fuzz(func(t *testing.T, kind uint8, how []byte) {
		if file := damage.Do(files[names[int(kind)%len(names)]], how); isIPC(file) {
			undamaged(t, file)
		}
	})
}
