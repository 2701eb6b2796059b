// Package imports holds the module to its architecture: which package may
// know which.
package imports

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/repeatsales/repeatsales"

type listed struct {
	ImportPath    string
	Imports, Deps []string
	CgoFiles      []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps,CgoFiles", module+"/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module+"/")
		list = append(list, p)
	}
}

// TestImportsPointDown checks that a package imports only what lies below it.
func TestImportsPointDown(t *testing.T) {
	below := map[string][]string{
		"orders":         {"internal/"},
		"orders/parquet": {"orders", "internal/"},
		"abcxyz":         {"orders", "internal/"},
		"cohorts":        {"orders", "internal/"},
		"ltv":            {"orders", "internal/"},
		"segments":       {"orders", "internal/"},
		"report":         {"orders", "abcxyz", "cohorts", "ltv", "segments", "internal/"},
	}
	for _, p := range packages(t) {
		allowed, ok := below[p.ImportPath]
		if !ok {
			continue
		}
		delete(below, p.ImportPath)
		for _, i := range p.Imports {
			i, ours := strings.CutPrefix(i, module+"/")
			if ours && !slices.ContainsFunc(allowed, func(a string) bool { return i == a || strings.HasSuffix(a, "/") && strings.HasPrefix(i, a) }) {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
		}
	}
	for missing := range below {
		t.Errorf("there is no package %s", missing)
	}
}

// TestHeavyDependencies checks that Excel is known to report alone, and to the
// example of adding a sheet to a workbook of one's own; that Parquet with its
// grpc and thrift is linked by orders/parquet and the one example of it alone,
// that SQLite is known to one example, and that nothing is cgo.
func TestHeavyDependencies(t *testing.T) {
	parquet := []string{"orders/parquet", "examples/nightly"}
	for _, p := range packages(t) {
		if len(p.CgoFiles) > 0 {
			t.Errorf("%s needs cgo: %v", p.ImportPath, p.CgoFiles)
		}
		for _, i := range p.Imports {
			if strings.HasPrefix(i, "github.com/xuri/excelize/") && p.ImportPath != "report" && p.ImportPath != "examples/workbook" {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
			if strings.HasPrefix(i, "modernc.org/") && p.ImportPath != "examples/erp" {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
		}
		for _, d := range p.Deps {
			for _, heavy := range []string{"google.golang.org/grpc", "github.com/apache/thrift", "github.com/apache/arrow/go/v16/parquet", "github.com/apache/arrow/go/v16/arrow/compute"} {
				if !slices.Contains(parquet, p.ImportPath) && (d == heavy || strings.HasPrefix(d, heavy+"/")) {
					t.Errorf("%s links %s", p.ImportPath, d)
				}
			}
		}
	}
}

// TestTopLevel checks that nothing lies at the top that the architecture does not
// name, but for what the commands of the documents read and write there.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	named := strings.Fields("abcxyz cohorts examples go.mod go.sum internal ltv orders report segments testdata README.md README.ru.md .ci .git .gitignore .gitattributes exports")
	data := []string{".csv", ".json", ".parquet", ".xlsx"}
	for _, e := range entries {
		if !slices.Contains(named, e.Name()) && !slices.Contains(data, filepath.Ext(e.Name())) {
			t.Errorf("%s is at the top level", e.Name())
		}
	}
}
