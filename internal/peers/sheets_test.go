package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// TestSheets runs the comparison of workbooks on a small list.
func TestSheets(t *testing.T) {
	dir := t.TempDir()
	if err := peerSheet(filepath.Join(dir, "peer.xlsx"), 1, false); errors.Is(err, errNoPeer) {
		t.Skip(err)
	}
	var out bytes.Buffer
	if err := start(t.Context(), []string{"-xlsx", "-rows", "3000", "-rounds", "2", "-dir", dir}, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{"\nreport.WriteFile: equal;", "\nlibxlsxwriter: equal;", "ours-sheet: ", "rows 3000"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("does not say %q:\n%s", want, &out)
		}
	}
}

// TestSheetDigest: another number, another text or another day is another digest.
func TestSheetDigest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xlsx")
	digest := func(n int) answers {
		t.Helper()
		if err := oursSheet(t.Context(), path, n); err != nil {
			t.Fatal(err)
		}
		a, err := sheetDigest(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a, b := digest(100), digest(101)
	if a[0][1] != "100" || a[0][2] != "1300" || b[0][1] != "101" || b[0][3] == a[0][3] {
		t.Errorf("%q and %q", a, b)
	}
}
