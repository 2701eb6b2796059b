package cli

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// samplePath is the bundled sample, seen from the root of the module.
const samplePath = "testdata/company_1c.csv"

const module = "github.com/repeatsales/repeatsales"

// errNoSample says that no export was given and there is no sample either.
var errNoSample = errors.New("no export given, and the bundled sample " + samplePath + " is not here: it is found inside the module's directory only")

// Load reads the exports of the command line, or the bundled sample, and says
// on stderr what was read. The caller releases the History.
func (j *Job) Load(ctx context.Context) (*orders.History, error) {
	if err := j.findSample(); err != nil {
		return nil, err
	}
	o := j.Options
	q, err := j.newQuarantine(j.quarantine)
	if err != nil {
		return nil, err
	}
	if q != nil {
		o.Quarantine = q.open
	}
	bar := j.Bar(j.Text("Чтение", "Reading"), true)
	o.Progress = bar.Progress
	sales, err := orders.ReadFiles(ctx, j.Exports, o)
	bar.Close()
	if err != nil {
		err = newLoadError(ctx, err, j.Exports, o)
	}
	if failed := j.keep(q); failed != nil {
		err = errors.Join(err, failed)
	}
	if err != nil {
		if sales != nil {
			sales.Release()
		}
		return nil, err
	}
	control, err := sales.Control(ctx)
	if err != nil {
		sales.Release()
		return nil, err
	}
	j.Say("%s", j.read(control))
	j.reject(control, sales.Rejects())
	j.Warn(control.Warnings...)
	return sales, nil
}

// findSample makes the bundled sample the export if none was given.
func (j *Job) findSample() error {
	if len(j.Exports) > 0 {
		return nil
	}
	path, err := sample()
	if err != nil {
		return err
	}
	j.Say(j.Text("Файл не указан: читаю учебный пример %s", "No file given: reading the bundled sample %s"), path)
	j.Exports = []string{path}
	return nil
}

// sample returns the path of the bundled sample, relative to the working
// directory, which must lie in the module.
func sample() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if isModule(dir) {
			path := filepath.Join(dir, filepath.FromSlash(samplePath))
			if _, err := os.Stat(path); err != nil {
				return "", errNoSample
			}
			return filepath.Rel(start, path)
		}
		if dir == filepath.Dir(dir) {
			return "", errNoSample
		}
	}
}

// isModule reports whether dir is the root of this module.
func isModule(dir string) bool {
	f, err := os.Open(filepath.Join(dir, "go.mod"))
	if err != nil {
		return false
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) == 2 && fields[0] == "module" {
			return fields[1] == module
		}
	}
	return false
}
