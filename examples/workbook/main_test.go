package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/xuri/excelize/v2"
)

// TestOwnWorkbook: what was in the workbook stays, the sheets are there, and the
// own formula counts the classes.
func TestOwnWorkbook(t *testing.T) {
	dir := t.TempDir()
	own, out := filepath.Join(dir, "own.xlsx"), filepath.Join(dir, "new.xlsx")
	f := excelize.NewFile()
	if err := f.SetSheetRow("Sheet1", "A2", &[]any{"my plan", 100.5}); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(own); err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string][]string{
		"ru": {"Sheet1", "ABC-XYZ клиенты", "Доля повторных", "Параметры"},
		"en": {"Sheet1", "ABC-XYZ customers", "Repeat share", "Parameters"},
	} {
		clitest.Run(t, run, "-lang", language, "-in", own, "-o", out, clitest.Shop)
		got, err := excelize.OpenFile(out)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Close()
		if !slices.Equal(got.GetSheetList(), want) {
			t.Errorf("sheets %q, want %q", got.GetSheetList(), want)
		}
		plan, err := got.GetRows("Sheet1")
		if err != nil || fmt.Sprint(plan[1]) != "[my plan 100.5]" {
			t.Errorf("the own sheet: %q, %v", plan, err)
		}
		classes, err := got.GetCols(want[1])
		if err != nil {
			t.Fatal(err)
		}
		a := 0
		for _, c := range classes[7] {
			if c == "A" {
				a++
			}
		}
		if n, err := got.CalcCellValue("Sheet1", "B1"); err != nil || a == 0 || n != fmt.Sprint(a) {
			t.Errorf("the own formula counts %s customers of class A, the sheet has %d: %v", n, a, err)
		}
	}
	clitest.Run(t, run, "-o", out, clitest.Shop) // a new workbook
	clitest.Fail(t, run, 1, "-in", filepath.Join(dir, "none.xlsx"), "-o", out, clitest.Shop)
}
