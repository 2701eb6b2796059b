package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMain is the program itself where the program calls itself.
func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// small is a file that takes no time.
var small = spec{Lines: 20_000, Customers: 5_000, Seed: 7, Factor: 1, Dearness: 1}

// newFile generates a file of s, and says what is in it.
func newFile(t *testing.T, s spec) (path string, made answers) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "orders.csv")
	made, err := generate(path, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return path, made
}

// TestModes runs the whole program, children and all, in each of its modes.
func TestModes(t *testing.T) {
	for _, test := range []struct {
		name  string
		args  []string
		equal []string // what is said to be equal
	}{
		{"compare", []string{"-rounds", "2"}, []string{
			"J, lines kept: equal", "J, facts only: equal", "K, lines kept: equal", "K, facts only: equal",
			"J, DuckDB, against what was generated: equal", "J, lines kept, against what was generated: equal",
		}},
		{"only", []string{"-rounds", "1", "-only", "duckdb-k,ours-k"}, []string{"K, lines kept: equal"}},
		{"memory", []string{"-rounds", "1", "-memory"}, []string{
			"twice the lines, against what was generated: equal", "retention, which does not depend on the lines: equal",
		}},
		{"legacy", []string{"-rounds", "1", "-legacy"}, []string{"read, both files: equal", "J, both files: equal"}},
		{"big", []string{"-big", "30000"}, []string{"J, against what was generated: equal"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			var out bytes.Buffer
			if err := start(t.Context(), append(test.args, "-lines", "20000", "-dir", dir), &out); err != nil {
				t.Fatalf("%v\n%s", err, &out)
			}
			for _, equal := range test.equal {
				if !strings.Contains(out.String(), "\n"+equal+";") {
					t.Errorf("does not say %q:\n%s", equal, &out)
				}
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// TestUnequal runs the program on a file on which the two must differ: DuckDB
// has a customer "anonymous", the library has nobody.
func TestUnequal(t *testing.T) {
	path, _ := newFile(t, small)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file = append(file, "O99999999,anonymous,2023-05-05,Product 0001,1,10.00,5.00,Sales Person 01\n"...)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = start(t.Context(), []string{"-file", path, "-rounds", "1", "-only", "duckdb-k,ours-k", "-dir", t.TempDir()}, &out)
	if !errors.Is(err, errUnequal) || !strings.Contains(out.String(), "K, lines kept: 2 differences\n") {
		t.Errorf("error %v\n%s", err, &out)
	}
}

// TestTampered changes, drops and adds each row of both jobs' answers.
func TestTampered(t *testing.T) {
	path, _ := newFile(t, small)
	j, err := oursJ(t.Context(), path, options(false, nil))
	if err != nil {
		t.Fatal(err)
	}
	k, err := oursK(t.Context(), path, options(false, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(append(j, k...), func(row []string) bool { return row[0] == "tie" })
	want = append(want, []string{"sheet", "10", "130", "0123456789abcdef"}) // a job of another comparison
	for name := range tables {
		if len(want.of(name)) == 0 && name != "tie" && name != "version" {
			t.Errorf("no row of table %s", name)
		}
	}
	count := func(got answers) int {
		found, err := differences(want, got)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if n := count(slices.Clone(want)); n != 0 {
		t.Fatalf("%d differences between equal answers", n)
	}
	for i, row := range want {
		if n := count(slices.Delete(slices.Clone(want), i, i+1)); n != 1 {
			t.Errorf("%q dropped: %d differences", row, n)
		}
		for cell := 1; cell < len(row); cell++ {
			got := slices.Clone(want)
			got[i] = slices.Clone(row)
			got[i][cell] += "x"
			expected := 1
			if cell <= tables[row[0]].keys {
				expected = 2 // a row that is missing and one that nobody asked for
			}
			if n := count(got); n != expected {
				t.Errorf("%q as %q: %d differences", row, got[i], n)
			}
		}
	}
}

// TestTies has bounds that run through customers of equal revenue.
func TestTies(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.csv")
	const file = `order_id,customer_id,order_date,product,quantity,revenue,cost,salesperson
O1,C1,2022-01-01,Product,1,70.00,1.00,Somebody
O2,C2,2022-05-01,Product,1,10.00,1.00,Somebody
O3,C3,2023-05-01,Product,1,9.99,1.00,Somebody
O4,C3,2023-06-01,Product,1,0.01,1.00,Somebody
O5,C4,2024-05-01,Product,1,5.00,1.00,Somebody
O6,C5,2024-12-31,Product,1,5.00,1.00,Somebody
`
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	want, err := duckJ(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := oursJ(t.Context(), path, options(false, nil))
	if err != nil {
		t.Fatal(err)
	}
	ties := answers{{"tie", "C3", "Z", "A", "B", "10.00", "2"}, {"tie", "C5", "Z", "B", "C", "5.00", "1"}}
	if !slices.EqualFunc(got.of("tie"), ties, slices.Equal) {
		t.Errorf("ties %q, want %q", got.of("tie"), ties)
	}
	if found, err := differences(want, got); err != nil || len(found) > 0 {
		t.Errorf("differences with ties moved: %q %v", found, err)
	}
	untold := slices.DeleteFunc(slices.Clone(got), func(row []string) bool { return row[0] == "tie" })
	found, err := differences(want, untold)
	if err != nil || len(found) == 0 {
		t.Errorf("no differences without ties: %v", err)
	}
	for _, d := range found {
		if !strings.HasPrefix(d, "abc ") {
			t.Errorf("difference outside table abc: %s", d)
		}
	}
}

// TestGenerate compares files that must be alike.
func TestGenerate(t *testing.T) {
	path, made := newFile(t, small)
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	path2, _ := newFile(t, small)
	if again, err := os.ReadFile(path2); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same seed gives another file, error %v", err)
	}
	double := small
	double.Factor = 2
	path2, twice := newFile(t, double)
	if want, got := made[0], twice[0]; got[1] != "40000" || got[2] != want[2] || got[3] != want[3] || got[4] == want[4] {
		t.Errorf("of twice the lines: %q, of the lines: %q", got, want)
	}
	if a, b := orderKeys(t, path), orderKeys(t, path2); !slices.Equal(a, b) {
		t.Errorf("twice the lines have other orders: %d, not %d", len(b), len(a))
	}
	old := small
	old.Legacy, old.Dearness = true, 40
	path2, _ = newFile(t, old)
	text, err := os.ReadFile(path2)
	if err != nil {
		t.Fatal(err)
	}
	if lines, grouped := bytes.Count(text, []byte("\n")), bytes.Count(text, []byte{0xA0}); lines != 20_001 || grouped < lines {
		t.Errorf("%d lines with %d groups of thousands", lines, grouped)
	}
}

// orderKeys returns order, customer, day and salesperson of each order of a file.
func orderKeys(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for line := range strings.Lines(string(text)) {
		keys = append(keys, line[:len("O10000000,C1000000,2022-01-01")]+line[strings.LastIndexByte(line, ','):])
	}
	return slices.Compact(keys)
}

func TestLegacyMoney(t *testing.T) {
	g := generator{spec: spec{Legacy: true}, decimal: ','}
	for cents, want := range map[int64]string{5: "0,05", 99_999: "999,99", 100_005: "1\xa0000,05", 123_456_78: "123\xa0456,78"} {
		if got := string(g.money(nil, cents)); got != want {
			t.Errorf("%d: %q, want %q", cents, got, want)
		}
	}
}
