package published_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/repeatsales/repeatsales/internal/published"
	"github.com/repeatsales/repeatsales/orders"
)

// count returns how many lines there are and what they come to.
func count(lines []orders.Line) (n int, revenue orders.Amount) {
	for _, l := range lines {
		revenue += l.Revenue
	}
	return len(lines), revenue
}

// TestFiles checks that the files are read to their ends.
func TestFiles(t *testing.T) {
	for _, test := range []struct {
		name    string
		lines   func(testing.TB) []orders.Line
		n       int
		revenue orders.Amount
	}{
		{"CDNOW", published.CDNOW, 6919, 244_091_9400},
		{"Online Retail", published.OnlineRetail, 541_909, 9_747_747_9340},
	} {
		t.Run(test.name, func(t *testing.T) {
			if n, revenue := count(test.lines(t)); n != test.n || revenue != test.revenue {
				t.Errorf("%d lines, %s", n, revenue)
			}
		})
	}
}

// TestPath finds a file beside the module from any directory of it, and skips
// the test where there is none.
func TestPath(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"module/a/b", "shared/data"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(dir, "shared", "data", "data.txt")
	for _, f := range []string{data, filepath.Join(dir, "module", "go.mod")} {
		if err := os.WriteFile(f, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{"module", "module/a/b"} {
		t.Chdir(filepath.Join(dir, d))
		got, err := os.Stat(published.Path(t, "data.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if want, err := os.Stat(data); err != nil || !os.SameFile(got, want) {
			t.Errorf("from %s another file was found, %v", d, err)
		}
	}
	skipped := false
	t.Run("absent", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		published.Path(t, "no such file")
	})
	if !skipped {
		t.Error("a test without its data is not skipped")
	}
}
