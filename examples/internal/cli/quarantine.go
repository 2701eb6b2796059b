package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// quarantine writes the rejected rows of exports to files: those of the first
// export that has any to path, of the others beside it. A file gets its name
// when it is complete, so that who reads one has all of it.
type quarantine struct {
	path  string
	files []*quarantineFile
}

type quarantineFile struct {
	file *os.File // under another name so far
	w    *bufio.Writer
	path string
}

// newQuarantine returns a quarantine in path; nil if that is "". It refuses to
// overwrite one of the exports.
func (j *Job) newQuarantine(path string) (*quarantine, error) {
	if path == "" {
		return nil, nil
	}
	if err := j.spare("quarantine", path); err != nil {
		return nil, err
	}
	return &quarantine{path: path}, nil
}

// open begins the file of a further export; see orders.Options.Quarantine.
func (q *quarantine) open(*orders.Detection) (io.Writer, error) {
	f, err := os.CreateTemp(filepath.Dir(q.path), ".quarantine-*")
	if err != nil {
		return nil, err
	}
	path := q.path
	if n := len(q.files) + 1; n > 1 {
		ext := filepath.Ext(path)
		path = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ext), n, ext)
	}
	w := bufio.NewWriter(f)
	q.files = append(q.files, &quarantineFile{f, w, path})
	return w, nil
}

// close gives the files their names, and returns these.
func (q *quarantine) close() (paths []string, err error) {
	for _, f := range q.files {
		if e := f.close(); e != nil {
			err = errors.Join(err, e)
			continue
		}
		paths = append(paths, f.path)
	}
	return paths, err
}

func (f *quarantineFile) close() error {
	err := errors.Join(f.w.Flush(), f.file.Chmod(0o644), f.file.Close())
	if err == nil {
		err = os.Rename(f.file.Name(), f.path)
	}
	if err != nil {
		os.Remove(f.file.Name())
	}
	return err
}

// keep closes the quarantine after reading and says where the rows are.
func (j *Job) keep(q *quarantine) error {
	if q == nil {
		return nil
	}
	paths, err := q.close()
	if len(paths) > 0 {
		j.Say(j.Text("Отвергнутые строки: %s. Исправьте их там и прочитайте вместе с выгрузкой.", "The rejected rows are in %s: mend them there and read it together with the export."), strings.Join(paths, ", "))
	}
	return err
}
