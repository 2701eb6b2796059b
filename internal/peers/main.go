// Command peers runs the same work in DuckDB and in this library, checks that
// the answers are equal, and prints what each took.
//
//	go run . [-file orders.csv | -lines 10000000] [-rounds 5]
//	go run . -memory
//	go run . -legacy
//	go run . -big 100000000
//	go run -tags xlsxwriter . -xlsx [-rows 1000000]
//
// README.md says what is compared.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
)

// errUnequal ends a program whose answers differ; what differs was printed.
var errUnequal = errors.New("the answers differ")

// settings are the flags.
type settings struct {
	file   string
	dir    string
	rounds int
	only   string
	spec

	memory bool
	big    int
	xlsx   bool
	rows   int

	job     string // of a child
	bar     bool
	profile string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := start(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// start does what the flags say.
func start(ctx context.Context, args []string, w io.Writer) error {
	var s settings
	f := flag.NewFlagSet("peers", flag.ContinueOnError)
	f.StringVar(&s.file, "file", "", "`CSV` to run on, with the columns and within the window of job J; none: generate one")
	f.IntVar(&s.Lines, "lines", 10_000_000, "lines to generate")
	f.IntVar(&s.Customers, "customers", 500_000, "customers who may buy in a generated file")
	f.Uint64Var(&s.Seed, "seed", 1, "seed of the generated file")
	f.StringVar(&s.dir, "dir", "", "`DIR` for generated files, which are removed; none: the system's for temporary files")
	f.IntVar(&s.rounds, "rounds", 5, "interleaved rounds")
	f.StringVar(&s.only, "only", "", "jobs to run, separated by commas; none: all. "+strings.Join(names(contests("")), ", "))
	f.BoolVar(&s.memory, "memory", false, "compare the facts-only peak memory of a file with that of one of twice the lines, by the same orders")
	f.BoolVar(&s.Legacy, "legacy", false, "compare reading a file with reading the same in windows-1251 as 1C writes it")
	f.IntVar(&s.big, "big", 0, "generate so many `LINES` and run job J on them, facts only")
	f.BoolVar(&s.xlsx, "xlsx", false, "compare writing a list of -rows customers with libxlsxwriter, for which build with -tags xlsxwriter")
	f.IntVar(&s.rows, "rows", 1_000_000, "rows of the list")
	f.StringVar(&s.job, "run", "", "run one job on -file and print its answers; what the program calls itself with. Also: generate, ours-read, ours-sheet, xlsxwriter, xlsxwriter-constant, read-sheet, duckdb-version")
	f.IntVar(&s.Factor, "factor", 1, "with -run generate: so many lines for each one")
	f.IntVar(&s.Dearness, "dearness", 1, "with -run generate: so many times the prices")
	f.BoolVar(&s.bar, "bar", false, "with -run: show a progress bar on a terminal")
	f.StringVar(&s.profile, "cpuprofile", "", "with -run: write a CPU profile to `FILE`")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 || s.rounds < 1 || s.Lines < 2 || s.Customers < 1 || s.Factor < 1 || s.Dearness < 1 || s.big < 0 || s.rows < 1 {
		return errors.New("want no arguments, and positive numbers: see -h")
	}
	if s.job != "" {
		a, err := s.runJob(ctx)
		if err != nil {
			return err
		}
		return a.write(w)
	}
	mode := settings.compare
	switch {
	case s.memory:
		mode = settings.compareMemory
	case s.Legacy:
		mode = settings.compareLegacy
	case s.big > 0:
		mode = settings.runBig
	case s.xlsx:
		mode = settings.compareSheets
	}
	if err := s.inDirectory(ctx, w, mode); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nload after: %s\n", load())
	return err
}

// inDirectory calls mode with a directory for its files.
func (s settings) inDirectory(ctx context.Context, w io.Writer, mode func(settings, context.Context, io.Writer) error) (err error) {
	if s.dir, err = os.MkdirTemp(s.dir, "peers"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.dir)) }()
	if err := printHost(ctx, w); err != nil {
		return err
	}
	return mode(s, ctx, w)
}

// runJob does a child's job.
func (s settings) runJob(ctx context.Context) (a answers, err error) {
	if s.profile != "" {
		f, failed := os.Create(s.profile)
		if failed != nil {
			return nil, failed
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return nil, err
		}
		defer pprof.StopCPUProfile()
	}
	var progress func(done, total int64) error
	if s.bar {
		var done func()
		progress, done = bar(s.job)
		defer done()
	}
	switch s.job {
	case "generate":
		return generate(s.file, s.spec, progress)
	case "duckdb-version":
		version, err := duckVersion(ctx)
		return answers{{"version", version}}, err
	case "duckdb-j":
		return duckJ(ctx, s.file)
	case "duckdb-k":
		return duckK(ctx, s.file)
	case "ours-j":
		return oursJ(ctx, s.file, options(false, progress))
	case "ours-j-facts":
		return oursJ(ctx, s.file, options(true, progress))
	case "ours-j-named":
		return oursJ(ctx, s.file, named(options(false, progress)))
	case "ours-j-facts-named":
		return oursJ(ctx, s.file, named(options(true, progress)))
	case "ours-k":
		return oursK(ctx, s.file, options(false, progress))
	case "ours-k-facts":
		return oursK(ctx, s.file, options(true, progress))
	case "ours-k-facts-named":
		return oursK(ctx, s.file, named(options(true, progress)))
	case "ours-read":
		return oursRead(ctx, s.file, options(false, progress))
	}
	return s.runSheetJob(ctx)
}

// runSheetJob does a child's job on a workbook.
func (s settings) runSheetJob(ctx context.Context) (answers, error) {
	switch s.job {
	case "ours-sheet":
		return nil, oursSheet(ctx, s.file, s.rows)
	case "xlsxwriter":
		return nil, peerSheet(s.file, s.rows, false)
	case "xlsxwriter-constant":
		return nil, peerSheet(s.file, s.rows, true)
	case "read-sheet":
		return sheetDigest(ctx, s.file)
	}
	return nil, fmt.Errorf("no job %q", s.job)
}

// contests returns all that is compared on the file at path, a job's base first.
func contests(path string) []*contest {
	j := newContest("J, DuckDB", "duckdb-j", path, nil)
	k := newContest("K, DuckDB", "duckdb-k", path, nil)
	return []*contest{
		j,
		newContest("J, lines kept", "ours-j", path, j),
		newContest("J, lines kept, columns named", "ours-j-named", path, j),
		newContest("J, facts only", "ours-j-facts", path, j),
		newContest("J, facts only, columns named", "ours-j-facts-named", path, j),
		k,
		newContest("K, lines kept", "ours-k", path, k),
		newContest("K, facts only", "ours-k-facts", path, k),
		newContest("K, facts only, columns named", "ours-k-facts-named", path, k),
	}
}

func newContest(name, job, path string, base *contest) *contest {
	return &contest{name: name, job: job, args: []string{"-run", job, "-file", path}, base: base}
}

// names returns the jobs of contests.
func names(all []*contest) (jobs []string) {
	for _, c := range all {
		jobs = append(jobs, c.job)
	}
	return jobs
}

// compare runs all jobs on one file.
func (s settings) compare(ctx context.Context, w io.Writer) error {
	path, made := s.file, answers(nil)
	if path == "" {
		var err error
		if path, made, err = s.generate(ctx, "orders.csv", s.spec); err != nil {
			return err
		}
	}
	if err := printFile(w, path); err != nil {
		return err
	}
	all := contests(path)
	if s.only != "" {
		only := strings.Split(s.only, ",")
		for _, job := range only {
			if !slices.Contains(names(all), job) {
				return fmt.Errorf("no job %q", job)
			}
		}
		all = slices.DeleteFunc(all, func(c *contest) bool { return !slices.Contains(only, c.job) })
	}
	if err := interleave(ctx, s.rounds, all); err != nil {
		return err
	}
	printTable(w, fmt.Sprintf("medians, rounds: %d", s.rounds), all)
	fmt.Fprintln(w)
	check := checker{w: w}
	for _, c := range all {
		if c.base != nil && c.base.got != nil {
			check.equal(c.name, c.base.got, c.got)
		}
		if len(made) > 0 && len(c.got.of("total")) > 0 {
			check.equal(c.name+", against what was generated", made, c.got.of("total"))
		}
	}
	return check.err
}

// compareMemory runs job J, facts only, on a file and on one of the same orders
// with twice the lines.
func (s settings) compareMemory(ctx context.Context, w io.Writer) error {
	double := s.spec
	double.Factor = 2
	one, madeOne, err := s.generate(ctx, "one.csv", s.spec)
	if err != nil {
		return err
	}
	two, madeTwo, err := s.generate(ctx, "two.csv", double)
	if err != nil {
		return err
	}
	if err := errors.Join(printFile(w, one), printFile(w, two)); err != nil {
		return err
	}
	a := newContest("the lines", "ours-j-facts", one, nil)
	b := newContest("twice the lines", "ours-j-facts", two, a)
	if err := interleave(ctx, s.rounds, []*contest{a, b}); err != nil {
		return err
	}
	printTable(w, fmt.Sprintf("J, facts only; medians, rounds: %d", s.rounds), []*contest{a, b})
	fmt.Fprintln(w)
	check := checker{w: w}
	check.equal("the lines, against what was generated", madeOne, a.got.of("total"))
	check.equal("twice the lines, against what was generated", madeTwo, b.got.of("total"))
	check.equal("retention, which does not depend on the lines", a.got.of("cohort"), b.got.of("cohort"))
	return check.err
}

// compareLegacy reads a file and the same as an old system writes it. Prices are
// roubles, or hardly an amount would have thousands to group.
func (s settings) compareLegacy(ctx context.Context, w io.Writer) error {
	legacy := s.spec
	legacy.Dearness = 40
	plain := legacy
	plain.Legacy = false
	one, made, err := s.generate(ctx, "plain.csv", plain)
	if err != nil {
		return err
	}
	two, _, err := s.generate(ctx, "legacy.csv", legacy)
	if err != nil {
		return err
	}
	if err := errors.Join(printFile(w, one), printFile(w, two)); err != nil {
		return err
	}
	a := newContest("UTF-8 `,` `1234.56`", "ours-read", one, nil)
	b := newContest("windows-1251 `;` `1 234,56`", "ours-read", two, a)
	if err := interleave(ctx, s.rounds, []*contest{a, b}); err != nil {
		return err
	}
	printTable(w, fmt.Sprintf("reading, lines kept; medians, rounds: %d", s.rounds), []*contest{a, b})
	fmt.Fprintln(w)
	check := checker{w: w}
	check.equal("read, against what was generated", made, a.got)
	check.equal("read, both files", a.got, b.got)
	_, first, err := execute(ctx, newContest("", "ours-j", one, nil).args...)
	if err != nil {
		return err
	}
	_, second, err := execute(ctx, newContest("", "ours-j", two, nil).args...)
	if err != nil {
		return err
	}
	check.equal("J, both files", first, second)
	return check.err
}

// runBig runs job J, facts only, on a file that may be larger than the memory.
func (s settings) runBig(ctx context.Context, w io.Writer) error {
	big := s.spec
	big.Lines = s.big
	path, made, err := s.generate(ctx, "orders.csv", big)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s lines, %s bytes\n\n", grouped(int64(big.Lines)), grouped(info.Size()))
	c := newContest("J, facts only", "ours-j-facts", path, nil)
	c.args = append(c.args, "-bar")
	if err := interleave(ctx, 1, []*contest{c}); err != nil {
		return err
	}
	printTable(w, "one run", []*contest{c})
	fmt.Fprintln(w)
	check := checker{w: w}
	check.equal("J, against what was generated", made, c.got.of("total"))
	return check.err
}

// generate writes a file of s into the directory, in a process of its own that
// keeps this one small, and returns its path and what is in it.
func (s settings) generate(ctx context.Context, name string, file spec) (string, answers, error) {
	path := filepath.Join(s.dir, name)
	_, made, err := execute(ctx, "-run", "generate", "-bar", "-file", path,
		"-lines", strconv.Itoa(file.Lines), "-customers", strconv.Itoa(file.Customers),
		"-seed", strconv.FormatUint(file.Seed, 10), "-factor", strconv.Itoa(file.Factor), "-dearness", strconv.Itoa(file.Dearness),
		"-legacy="+strconv.FormatBool(file.Legacy))
	return path, made, err
}

// checker prints comparisons; err is errUnequal once one has failed.
type checker struct {
	w   io.Writer
	err error
}

func (c *checker) equal(name string, want, got answers) {
	equal, err := printDifferences(c.w, name, want, got)
	if err == nil && !equal {
		err = errUnequal
	}
	c.err = cmp.Or(c.err, err)
}
