//go:build unix

package report_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

// diskOf names the file that a child of TestDiskQuota writes.
const diskOf = "REPEATSALES_REPORT_FILE"

// TestDiskQuota: where the system lets no file grow beyond so many bytes,
// WriteFile says so, and leaves the old file and nothing else. The limit is a
// process's, hence the child.
func TestDiskQuota(t *testing.T) {
	if path := os.Getenv(diskOf); path != "" {
		path, size, _ := strings.Cut(path, "|")
		n, err := strconv.ParseUint(size, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		b := bookOf(t, each(shortItems()), orders.Options{})
		signal.Ignore(syscall.SIGXFSZ)
		var l syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
			t.Fatal(err)
		}
		l.Cur = n
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
			t.Fatal(err)
		}
		if err := report.WriteFile(ctx, path, b, report.Options{}); err != nil {
			t.Fatal(err)
		}
		return
	}
	size := len(written(t, bookOf(t, each(shortItems()), orders.Options{}), report.Options{}))
	for _, n := range []int{0, 1, 4096, size / 2, size - 1, size} {
		dir := t.TempDir()
		path := filepath.Join(dir, "report.xlsx")
		if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
			t.Fatal(err)
		}
		child := exec.Command(os.Args[0], "-test.run=^TestDiskQuota$", "-test.v")
		child.Env = append(os.Environ(), diskOf+"="+path+"|"+strconv.Itoa(n))
		out, err := child.CombinedOutput()
		got, readErr := os.ReadFile(path)
		entries, dirErr := os.ReadDir(dir)
		if readErr != nil || dirErr != nil || len(entries) != 1 {
			t.Fatalf("quota of %d bytes: %v, %v; %d files", n, readErr, dirErr, len(entries))
		}
		if n < size && (err == nil || !strings.Contains(string(out), "file too large") || string(got) != "old") {
			t.Errorf("quota of %d of %d bytes: %v; the file has %d bytes\n%s", n, size, err, len(got), out)
		}
		if n == size && (err != nil || len(got) != size) {
			t.Errorf("quota of all %d bytes: %v; the file has %d bytes\n%s", n, err, len(got), out)
		}
	}
}
