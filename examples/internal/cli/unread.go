package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// loadError says why the exports could not be read, with what explaining it to
// a person takes.
type loadError struct {
	err     error
	files   []string
	options orders.Options

	file  string            // whose columns are the trouble
	found *orders.Detection // what was found in it; nil: not even a header
}

func newLoadError(ctx context.Context, err error, files []string, o orders.Options) error {
	e := &loadError{err: err, files: files, options: o}
	if errors.Is(err, orders.ErrColumn) {
		for _, file := range files {
			if found, err := orders.Detect(ctx, file, o); errors.Is(err, orders.ErrColumn) {
				e.file, e.found = file, found
				break
			}
		}
	}
	return e
}

func (e *loadError) Error() string { return e.err.Error() }
func (e *loadError) Unwrap() error { return e.err }

// unread returns why the exports could not be read and what to do, with the
// file's name, and the row and the column where there is one.
func (l Language) unread(e *loadError) string {
	if unusable, ok := errors.AsType[*orders.UnusableError](e.err); ok {
		return l.unusable(e, unusable)
	}
	if two, ok := errors.AsType[*orders.CurrencyError](e.err); ok {
		return l.currencies(*two)
	}
	if misfit, ok := errors.AsType[*orders.MappingError](e.err); ok {
		return l.misfit(*misfit)
	}
	if doubt, ok := errors.AsType[*orders.AmbiguityError](e.err); ok {
		return l.ambiguous(*doubt)
	}
	if row, ok := errors.AsType[*orders.RowError](e.err); ok {
		return l.Row(*row)
	}
	if format, ok := errors.AsType[*orders.FormatError](e.err); ok {
		return l.format(*format)
	}
	if path, ok := errors.AsType[*fs.PathError](e.err); ok {
		return l.path(*path)
	}
	switch {
	case errors.Is(e.err, orders.ErrColumn):
		return l.columns(e)
	case errors.Is(e.err, orders.ErrOverflow):
		return e.name() + l.Text("суммы выгрузки слишком велики", "the amounts add up to more than can be held")
	case errors.Is(e.err, orders.ErrOptions):
		return l.Text("недопустимый параметр", "invalid option") + detail(e.err, orders.ErrOptions)
	}
	return e.name() + withoutPrefix(e.err.Error())
}

// name returns the files that the error names, else all, and a colon.
func (e *loadError) name() string {
	var named []string
	for _, file := range e.files {
		if strings.Contains(e.err.Error(), file) {
			named = append(named, file)
		}
	}
	if named == nil {
		named = e.files
	}
	return strings.Join(named, ", ") + ": "
}

// currencies says where the two currencies of an export stand.
func (l Language) currencies(e orders.CurrencyError) string {
	if e.Second.File == e.First.File {
		e.Second.File = ""
	}
	return fmt.Sprintf(l.Text("%s – %s; %s – %s: в выгрузке две валюты; выберите одну: -currency", "%s – %s; %s – %s: two currencies; choose one: -currency"),
		l.place(e.First), e.First.Value, l.place(e.Second), e.Second.Value)
}

// ambiguous says in which two ways a column can be read, and by what that shows.
func (l Language) ambiguous(e orders.AmbiguityError) string {
	place := l.place(orders.RowError{File: e.File, Column: e.Column, Header: e.Header})
	examples := strings.Join(e.Examples, "», «")
	if l == English {
		examples = strings.Join(e.Examples, `", "`)
	}
	text := l.Text("%s: «%s» читается и как %s, и как %s: ни один день не больше 12; скажите, как верно, полем dates: -map ФАЙЛ",
		`%s: "%s" could be %s or %s, for no day is above 12; say which it is with the field dates: -map FILE`)
	if e.Role != orders.RoleDate && e.Role != orders.RoleSince && e.Role != orders.RoleLead {
		text = l.Text("%s: «%s»: десятичный знак здесь «%s» или «%s»: после каждого ровно три цифры; скажите, какой, полем decimal: -map ФАЙЛ",
			`%s: "%s": the decimal mark is "%s" or "%s", for each mark is followed by three digits; say which it is with the field decimal: -map FILE`)
	}
	return fmt.Sprintf(text, place, examples, e.First, e.Second)
}

// unusable explains that too few rows of a file could be used.
func (l Language) unusable(e *loadError, u *orders.UnusableError) string {
	text := e.name()
	if errors.Is(u, orders.ErrNoRows) {
		text += l.Text("в файле нет ни одной строки продаж", "there is not one row of sales in it")
		for _, s := range u.Skipped {
			text += fmt.Sprintf(l.Text("; пропущено %d: %s", "; skipped %d: %s"), s.Rows, l.Reason(s.Reason))
		}
	} else {
		text += fmt.Sprintf(l.Text("отвергнуто слишком много строк (%d из %d)", "too many rows rejected (%d of %d)"), u.Rejected, u.Accepted+u.Rejected)
	}
	if u.First != nil {
		row := *u.First
		if len(e.files) == 1 {
			row.File = "" // it has just been named
		}
		text += l.Text("; первая непонятая: ", "; the first not understood: ") + l.Row(row)
	}
	if errors.Is(u, orders.ErrRejected) {
		text += l.Text(". Все показывает программа inspect; читать без них: -max-rejected 1", ". The program inspect shows them; to read on without them: -max-rejected 1")
	}
	return text
}

// columns explains which column is missing and what the file has.
func (l Language) columns(e *loadError) string {
	name := cmp.Or(e.file, strings.Join(e.files, ", ")) + ": "
	if e.found == nil {
		return name + l.Text(
			"не найден заголовок: ни одна из первых строк не называет столбцы выгрузки (дата, клиент, сумма …); столбец можно указать: -set date=ЗАГОЛОВОК",
			"no header found: none of the first lines names the columns of an export (date, customer, amount …); a column can be named: -set date=HEADER")
	}
	var headers []string
	for _, c := range e.found.Columns {
		headers = append(headers, c.Header)
	}
	return fmt.Sprintf(l.Text("%s%s; в заголовке (строка %d): %s", "%s%s; the header (row %d) has: %s"),
		name, l.missing(e), e.found.HeaderRow, strings.Join(headers, ", "))
}

// missing returns which column the header lacks.
func (l Language) missing(e *loadError) string {
	has := func(role orders.Role) bool { _, ok := e.found.Column(role); return ok }
	for _, role := range slices.Sorted(maps.Keys(e.options.Columns)) {
		if !has(role) {
			return fmt.Sprintf(l.Text("столбца «%s» (%s) нет, или он не один", "column %q (%s) is missing or ambiguous"), e.options.Columns[role], role)
		}
	}
	switch {
	case !has(orders.RoleDate):
		return l.Text("нет столбца с датой: укажите его, -set date=ЗАГОЛОВОК", "no column for the date: name it, -set date=HEADER")
	case !has(orders.RoleRevenue) && !(has(orders.RoleQuantity) && has(orders.RolePrice)):
		return l.Text("нет столбца с суммой: укажите его, -set revenue=ЗАГОЛОВОК", "no column for the amount: name it, -set revenue=HEADER")
	}
	return l.Text("столбец неоднозначен: укажите его, -set РОЛЬ=ЗАГОЛОВОК", "a column is ambiguous: name it, -set ROLE=HEADER")
}

// format returns what a file is that is no export, and what to do about it.
func (l Language) format(e orders.FormatError) string {
	if l == English {
		return withoutPrefix(e.Error())
	}
	if russian, ok := formats[e.Format]; ok {
		if e.Row > 0 {
			russian = fmt.Sprintf("строка %d: %s", e.Row, russian)
		}
		return e.File + ": " + russian
	}
	return fmt.Sprintf("%s: это %s, а нужен текст: сохраните выгрузку как CSV", e.File, e.Format)
}

// formats are the kinds of files that are no exports, in Russian.
var formats = map[string]string{
	"directory":   "это папка: укажите файл в ней",
	"empty":       "файл пуст: выгрузите его заново",
	"binary":      "это не текст: сохраните выгрузку как CSV",
	"not a table": "это не таблица: строка не кончается; это не CSV, или в нём потеряны концы строк",
	"xlsx or zip": "это не книга Excel, или она повреждена: выгрузите её заново либо сохраните лист как .xlsx или «CSV UTF-8»",
	"xls":         "это книга старого Excel: сохраните её как .xlsx или «CSV UTF-8»",
	"mxl":         "это печатная форма 1С: сохраните её в 1С как лист Excel (.xlsx)",
	"html":        "это страница HTML, хотя и названа иначе: откройте её в Excel и сохраните как .xlsx или CSV",
	"xml":         "это XML: откройте его в Excel и сохраните как .xlsx или CSV",

	"damaged xlsx":   "книга Excel повреждена: выгрузите её заново либо откройте в Excel и сохраните",
	"xlsx too large": "книга Excel больше, чем бывает выгрузка",
	"too large":      "файл больше, чем бывает выгрузка",
	"not as mapped":  "файл другого вида, чем тот, о котором описание (-map)",

	"gzip":  "это архив: распакуйте его",
	"bzip2": "это архив: распакуйте его",
	"xz":    "это архив: распакуйте его",
	"zstd":  "это архив: распакуйте его",
	"7z":    "это архив: распакуйте его",
	"Rar!":  "это архив: распакуйте его",
}
