package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// mappingError says what is wrong with the mapping that -map names.
type mappingError struct {
	name string
	err  error
}

func (e *mappingError) Error() string { return e.name + ": " + withoutPrefix(e.err.Error()) }
func (e *mappingError) Unwrap() error { return e.err }

// readMapping reads the mapping that -map names: a preset's or a file's.
func (j *Job) readMapping() error {
	if j.mapping == "" {
		return nil
	}
	m, err := mappingOf(j.mapping)
	if err != nil {
		return &mappingError{j.mapping, err}
	}
	j.Options.Mapping = &m
	return nil
}

func mappingOf(name string) (orders.Mapping, error) {
	if slices.Contains(orders.Presets(), name) {
		return orders.Preset(name)
	}
	f, err := os.Open(name)
	if err != nil {
		return orders.Mapping{}, err
	}
	defer f.Close()
	return orders.ReadMapping(f)
}

// unmapped returns what is wrong with a mapping.
func (l Language) unmapped(e *mappingError) string {
	if errors.Is(e.err, fs.ErrNotExist) {
		return fmt.Sprintf(l.Text("%s: нет ни такого файла, ни такого готового описания; готовые: %s", "%s: there is neither such a file nor such a preset; the presets: %s"),
			e.name, strings.Join(orders.Presets(), ", "))
	}
	if path, ok := errors.AsType[*fs.PathError](e.err); ok {
		return l.path(*path)
	}
	return e.name + ": " + l.Text("описание выгрузки не подходит", "the mapping is not valid") + detail(e.err, orders.ErrOptions)
}

// misfit says which column of a mapping a file does not have.
func (l Language) misfit(e orders.MappingError) string {
	text := e.File + l.Text(": файл не подходит к описанию выгрузки: ", ": the file does not fit the mapping: ")
	names := l.quoted(append([]string{e.Column.Header}, e.Column.Or...))
	has := fmt.Sprintf(l.Text("; в заголовке (строка %d): %s", "; the header (row %d) has: %s"), e.HeaderRow, strings.Join(e.Headers, ", "))
	switch {
	case e.Column.Role == "":
		return text + fmt.Sprintf(l.Text("строка %d, где должен быть заголовок, пуста, или её нет", "row %d, which is to be the header, is blank or not there"), e.HeaderRow)
	case len(e.Found) > 0:
		return text + fmt.Sprintf(l.Text("столбцов с названием %s несколько: %v; укажите в описании номер того, который нужен (%s)", "several columns are named %s: %v; say by number in the mapping which one is %s"),
			names, e.Found, e.Column.Role)
	case e.Column.Header == "":
		return text + fmt.Sprintf(l.Text("нет столбца %d (%s)", "there is no column %d (%s)"), e.Column.Number, e.Column.Role) + has
	}
	return text + fmt.Sprintf(l.Text("нет столбца %s (%s)", "there is no column %s (%s)"), names, e.Column.Role) + has
}

// quoted returns names in quotes.
func (l Language) quoted(names []string) string {
	return l.Text("«", "“") + strings.Join(names, l.Text("», «", "”, “")) + l.Text("»", "”")
}

// WriteMapping writes how the first export was understood to the file at path,
// as -map reads it. If something could not be found out the rest is written,
// for a person to complete, and why it could not is the error that Load returns.
func (j *Job) WriteMapping(ctx context.Context, path string) error {
	if err := j.findSample(); err != nil {
		return err
	}
	if err := j.spare("write-map", path); err != nil {
		return err
	}
	found, _ := orders.Detect(ctx, j.Exports[0], j.Options)
	if found == nil {
		return nil
	}
	b, err := EncodeJSON(found.Mapping())
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		return err
	}
	j.Say(j.Text("Описание выгрузки записано: %s. Читать по нему: -map %[1]s", "The mapping is in %s; to read by it: -map %[1]s"), path)
	return nil
}

// spare returns an error if the file that a flag is to write is one of the exports.
func (j *Job) spare(name, path string) error {
	target, err := os.Stat(path)
	if err != nil {
		return nil // there is none yet
	}
	for _, export := range j.Exports {
		if info, err := os.Stat(export); err == nil && os.SameFile(info, target) {
			return j.wrongFlag(j.Text("флаг -%s: %s – сама выгрузка, её нельзя затирать", "flag -%s: %s is the export itself, which must not be overwritten"), name, path)
		}
	}
	return nil
}
