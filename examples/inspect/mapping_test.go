package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/clitest"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestMappingIsWrittenAndRead: the mapping that -write-map writes gives with
// -map what there was without it, and a person can change it.
func TestMappingIsWrittenAndRead(t *testing.T) {
	mapping := filepath.Join(t.TempDir(), "shop.json")
	_, message := clitest.Run(t, run, "-lang", "en", "-write-map", mapping, clitest.Company1C)
	if !strings.Contains(message, "The mapping is in "+mapping+"; to read by it: -map "+mapping) {
		t.Errorf("message:\n%s", message)
	}
	want, _ := clitest.Run(t, run, "-format", "csv", clitest.Company1C)
	got, _ := clitest.Run(t, run, "-format", "csv", "-map", mapping, clitest.Company1C)
	strip := func(s string) string { // evidence is another
		var b strings.Builder
		for line := range strings.Lines(s) {
			if !strings.Contains(line, ".evidence,") && !strings.Contains(line, "shape_evidence,") && !strings.Contains(line, ".alternatives,") {
				b.WriteString(line)
			}
		}
		return b.String()
	}
	if strip(got) != strip(want) {
		t.Errorf("with -map\n%s\nwithout\n%s", got, want)
	}
	b, err := os.ReadFile(mapping)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(b), `"header": "Себестоимость"`, `"header": "Убыток"`, 1)
	message = clitest.Fail(t, run, 1, "-lang", "en", "-map", write(t, "changed.json", changed), clitest.Company1C)
	if !strings.Contains(message, "the file does not fit the mapping: there is no column “Убыток” (cogs); the header (row 4) has: Контрагент, Код контрагента") {
		t.Errorf("message:\n%s", message)
	}
}

// TestMappingOfAmbiguousExport: what could be found out is written, for the
// person to add what could not.
func TestMappingOfAmbiguousExport(t *testing.T) {
	export := write(t, "export.csv", "date,customer,revenue\n03/04/2024,a,1.50\n05/06/2024,b,2.50\n")
	mapping := filepath.Join(t.TempDir(), "map.json")
	clitest.Fail(t, run, 1, "-write-map", mapping, export)
	b, err := os.ReadFile(mapping)
	if err != nil {
		t.Fatal(err)
	}
	completed := write(t, "completed.json", strings.Replace(string(b), `"role": "date"`, `"role": "date", "dates": "mm/dd/yyyy"`, 1))
	out, _ := clitest.Run(t, run, "-format", "csv", "-map", completed, export)
	if !strings.Contains(out, "first_day,2024-03-04") {
		t.Errorf("%s\nby\n%s", out, b)
	}
}

func TestPresetByName(t *testing.T) {
	export := write(t, "deals.csv", "ID;Стадия сделки;Сумма;Компания;Дата закрытия\n1;Сделка успешна;100;a;01.02.2024\n2;Новая;50;b;\n")
	out, _ := clitest.Run(t, run, "-format", "csv", "-map", "bitrix24", export)
	for _, want := range []string{"identified_revenue,100\n", "skipped.not_won,1\n", "money_skipped,50\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func TestBadMappings(t *testing.T) {
	for _, c := range []struct {
		name, value, want string
		status            int
	}{
		{"no such file", "nothing.json", "nothing.json: there is neither such a file nor such a preset; the presets: 1c_gross_profit, 1c_flat, bitrix24", 1},
		{"unknown field", write(t, "a.json", `{"colums": []}`), `the mapping is not valid: Mapping: unknown field "colums"`, 2},
		{"no JSON", write(t, "b.json", `date: 1`), "the mapping is not valid: Mapping: no JSON", 2},
		{"a wrong value", write(t, "c.json", `{"vat": "some"}`), `the mapping is not valid: Mapping.VAT = "some"`, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if message := clitest.Fail(t, run, c.status, "-lang", "en", "-map", c.value, clitest.Shop); !strings.Contains(message, c.want) {
				t.Errorf("%s\nwant %s", message, c.want)
			}
			if message := clitest.Fail(t, run, c.status, "-map", c.value, clitest.Shop); strings.Contains(message, "mapping is") {
				t.Errorf("in Russian: %s", message)
			}
		})
	}
}

// TestQuarantine: the rejected rows are written, and mended they are read with
// the export from which they come.
func TestQuarantine(t *testing.T) {
	export := write(t, "export.csv", "date,customer,revenue\n2024-01-31,a,1.50\n2024-01-32,b,2\n2024-02-01,\"c, d\",many\n")
	file := filepath.Join(filepath.Dir(export), "bad.csv")
	out, message := clitest.Run(t, run, "-lang", "en", "-quarantine", file, export)
	if !strings.Contains(message, "The rejected rows are in "+file+": mend them") || !strings.Contains(out, "The first rejected rows") {
		t.Errorf("%s%s", out, message)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := "\ufeffdate,customer,revenue,_row,_column,_code,_reason\n2024-01-32,b,2,3,1,bad_date,not a date of the form yyyy-mm-dd\n\"2024-02-01\",\"c, d\",many,4,3,bad_number,not a number whose decimal mark is '.'\n"; string(b) != strings.ReplaceAll(want, "\"2024-02-01\"", "2024-02-01") {
		t.Errorf("quarantine\n%s", b)
	}
	mended := write(t, "mended.csv", strings.NewReplacer("2024-01-32", "2024-01-30", "many", "3").Replace(string(b)))
	out, _ = clitest.Run(t, run, "-format", "csv", export, mended)
	if !strings.Contains(out, "identified_revenue,6.5\n") || !strings.Contains(out, "rejected,2\n") {
		t.Errorf("with the mended rows:\n%s", out)
	}
	second := write(t, "second.csv", "date,client,revenue\nsoon,a,1.50\n2024-01-31,b,2\n")
	clitest.Run(t, run, "-quarantine", file, export, second)
	if b, err := os.ReadFile(strings.TrimSuffix(file, ".csv") + "-2.csv"); err != nil || !strings.HasPrefix(string(b), "\ufeffdate,client,revenue,_row") {
		t.Errorf("the second file's: %q, %v", b, err)
	}
}

func TestQuarantineIsNotWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.csv")
	clitest.Run(t, run, "-quarantine", file, clitest.Shop)
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) > 0 {
		t.Errorf("nothing was rejected, but there is %s", entries[0].Name())
	}
	export := write(t, "export.csv", "date,customer,revenue\nsoon,a,1\n")
	for _, name := range []string{"-quarantine", "-write-map"} {
		if message := clitest.Fail(t, run, 2, "-lang", "en", name, export, export); !strings.Contains(message, "must not be overwritten") {
			t.Errorf("%s: %s", name, message)
		}
	}
	if b, _ := os.ReadFile(export); string(b) != "date,customer,revenue\nsoon,a,1\n" {
		t.Errorf("the export is now %q", b)
	}
	clitest.Fail(t, run, 1, "-quarantine", filepath.Join(t.TempDir(), "no", "bad.csv"), export)
}
