package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// printHost prints what the figures depend on.
func printHost(ctx context.Context, w io.Writer) error {
	_, version, err := execute(ctx, "-run", "duckdb-version")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%d cores, %s/%s, %s, DuckDB %s; load before: %s\n\n",
		runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), version[0][1], load())
	return err
}

// load returns the load averages of 1, 5 and 15 minutes, where the system tells.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(b)); err == nil && len(fields) >= 3 {
		return strings.Join(fields[:3], " ")
	}
	return "unknown"
}

// printFile prints the size of a file, which is thereby in the cache.
func printFile(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var size, lines int64
	in := bufio.NewReaderSize(f, 1<<20)
	for {
		b, err := in.ReadSlice('\n')
		size += int64(len(b))
		lines += int64(bytes.Count(b, []byte{'\n'}))
		if err == io.EOF {
			break
		}
		if err != nil && err != bufio.ErrBufferFull {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "%s: %s lines, %s bytes\n\n", path, grouped(lines), grouped(size))
	return err
}

// grouped returns n with commas between thousands.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// printTable prints the medians of contests as a table in Markdown, with their
// ratios to those of their base, if that was run.
func printTable(w io.Writer, title string, contests []*contest) {
	fmt.Fprintf(w, "| %s | wall, s | CPU, s | peak, MB | wall | CPU | peak |\n", title)
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|")
	for _, c := range contests {
		fmt.Fprintf(w, "| %s | %.2f | %.2f | %.0f |", c.name, c.wall().Seconds(), c.cpu().Seconds(), float64(c.peak())/1e6)
		if b := c.base; b != nil && len(b.runs) > 0 {
			fmt.Fprintf(w, " × %.2f | × %.2f | × %.2f |\n", ratio(c.wall(), b.wall()), ratio(c.cpu(), b.cpu()), ratio(c.peak(), b.peak()))
		} else {
			fmt.Fprintln(w, " | | |")
		}
	}
}

func ratio[T ~int64](a, b T) float64 { return float64(a) / float64(b) }

// shown is how many differences are printed.
const shown = 20

// printDifferences prints how got compares with want, and reports whether they agree.
func printDifferences(w io.Writer, name string, want, got answers) (equal bool, err error) {
	found, err := differences(want, got)
	if err != nil {
		return false, err
	}
	for _, tie := range got.of("tie") {
		fmt.Fprintf(w, "%s: customer %s of revenue %s is in class %s with those of equal revenue, and in %s by id\n", name, tie[1], tie[5], tie[3], tie[4])
	}
	if len(found) == 0 {
		fmt.Fprintf(w, "%s: equal; rows: %d\n", name, len(want))
		return true, nil
	}
	fmt.Fprintf(w, "%s: %d differences\n", name, len(found))
	for i, d := range found {
		if i == shown {
			fmt.Fprintln(w, "\t…")
			break
		}
		fmt.Fprintln(w, "\t"+d)
	}
	return false, nil
}
