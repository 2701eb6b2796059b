package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// Explain returns what an error of the library or the system means for the
// person at the terminal, one message per joined error.
func (l Language) Explain(err error) []string {
	if parts, ok := err.(interface{ Unwrap() []error }); ok && err.Error() == fmt.Sprint(errors.Join(parts.Unwrap()...)) {
		var lines []string
		for _, part := range parts.Unwrap() {
			lines = append(lines, l.Explain(part)...)
		}
		return lines
	}
	return []string{printable(l.explain(err))}
}

func (l Language) explain(err error) string {
	if wrong, ok := errors.AsType[*flagError](err); ok {
		return wrong.text
	}
	if errors.Is(err, context.Canceled) {
		return l.Text("Прервано.", "Interrupted.")
	}
	if unmapped, ok := errors.AsType[*mappingError](err); ok {
		return l.unmapped(unmapped)
	}
	if unread, ok := errors.AsType[*loadError](err); ok {
		return l.unread(unread)
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return l.path(*path)
	}
	for _, s := range sentences {
		if errors.Is(err, s.of) {
			if s.of == orders.ErrPrecision || s.of == orders.ErrNoLines { // which the sentence says in full
				return l.Text(s.russian, s.english)
			}
			return l.Text(s.russian, s.english) + detail(err, s.of)
		}
	}
	return withoutPrefix(err.Error())
}

// sentences are errors that come without a file, for a person.
var sentences = []struct {
	of               error
	russian, english string
}{
	{errNoSample, "файл не указан, а учебного примера " + samplePath + " здесь нет: он находится только внутри папки модуля", "no file given, and the bundled sample " + samplePath + " is not here: it is found inside the module's directory only"},
	{ltv.ErrUnknown, "прибыль неизвестна: в выгрузке нет себестоимости или нет первых либо повторных покупок; себестоимость можно задать: -cogs (0, если её нет)", "the profit is unknown: the export has no cost of goods, or no first or no repeat purchases; the cost can be given: -cogs (0 if there is none)"},
	{orders.ErrPrecision, "в датах выгрузки месяцы, а не дни, а этот расчёт считает дни или недели: выгрузите продажи с датами", "the dates of the export name months, not days, and this analysis counts days or weeks: export the sales with their dates"},
	{orders.ErrNoLines, "этому расчёту нужны отдельные строки, а флаг -lines drop велит их не хранить", "this needs single lines, and -lines drop says to keep none"},
	{orders.ErrOptions, "недопустимый параметр", "invalid option"},
	{orders.ErrRange, "число не помещается в сумму", "the number does not fit an amount"},
}

// detail returns what an error says after the text of its sentinel.
func detail(err, sentinel error) string {
	_, after, _ := strings.Cut(err.Error(), sentinel.Error())
	return after
}

// withoutPrefix returns a message without the name of the package it is from.
func withoutPrefix(s string) string {
	for _, name := range []string{"orders: ", "abcxyz: ", "cohorts: ", "ltv: ", "segments: ", "report: "} {
		s = strings.TrimPrefix(s, name)
	}
	return s
}

// read returns what was read, in one sentence.
func (j *Job) read(c orders.Control) string {
	l := j.Language
	var skipped int64
	for _, s := range c.Skipped {
		skipped += s.Rows
	}
	return fmt.Sprintf(j.Text("Прочитано строк: %s; принято %s, отвергнуто %s, пропущено %s.", "Rows read: %s; accepted %s, rejected %s, skipped %s."),
		l.Count(c.RowsRead), l.Count(c.Accepted), l.Count(c.Rejected), l.Count(skipped))
}

// reject writes the first rejected rows to stderr.
func (j *Job) reject(c orders.Control, rows []orders.RowError) {
	const few = 5
	for _, r := range rows[:min(few, len(rows))] {
		j.Say("  %s", printable(j.Language.Row(r)))
	}
	if more := c.Rejected - few; more > 0 {
		j.Say(j.Text("  … и ещё отвергнуто строк: %s", "  … and %s more rows rejected"), j.Language.Count(more))
	}
}

// Warn writes warnings to stderr.
func (j *Job) Warn(warnings ...orders.Warning) {
	for _, w := range warnings {
		j.Say("%s%s", j.Text("Внимание: ", "Warning: "), j.Language.Warning(w))
	}
}

// Row returns what is wrong with one row of an export, and where.
func (l Language) Row(e orders.RowError) string {
	text := l.place(e) + ": " + l.reason(e)
	if e.Value != "" {
		text += fmt.Sprintf(l.Text(": «%s»", ": %q"), e.Value)
	}
	return text
}

// place returns where a row error is: the file, the row, the column and its header.
func (l Language) place(e orders.RowError) string {
	var places []string
	if e.Sheet != "" {
		places = append(places, fmt.Sprintf(l.Text("лист «%s»", "sheet %q"), e.Sheet))
	}
	if e.Row > 0 {
		places = append(places, fmt.Sprintf(l.Text("строка %d", "row %d"), e.Row))
	}
	if e.Column > 0 {
		places = append(places, fmt.Sprintf(l.Text("столбец %d", "column %d"), e.Column))
	}
	text := strings.Join(places, ", ")
	if e.Header != "" {
		text += fmt.Sprintf(l.Text(" «%s»", " (%s)"), e.Header)
	}
	switch {
	case e.File == "":
		return text
	case text == "":
		return e.File
	}
	return e.File + ": " + text
}

// reason returns the explanation of a row error.
func (l Language) reason(e orders.RowError) string {
	if russian := reasons[e.Reason]; l == Russian && russian != "" {
		return russian
	}
	if e.Text != "" {
		return e.Text
	}
	return string(e.Reason)
}

// Reason returns what a reason for rejecting or skipping rows means.
func (l Language) Reason(r orders.Reason) string {
	if russian := reasons[r]; l == Russian && russian != "" {
		return russian
	}
	return strings.ReplaceAll(string(r), "_", " ")
}

var reasons = map[orders.Reason]string{
	orders.NoDate:        "нет даты",
	orders.BadDate:       "не дата",
	orders.DateRange:     "такой даты быть не может",
	orders.NoRevenue:     "нет ни суммы, ни количества с ценой",
	orders.BadNumber:     "не число",
	orders.NumberRange:   "в числе больше знаков, чем вмещает сумма",
	orders.ShortRow:      "ячеек меньше, чем в заголовке",
	orders.LongRow:       "ячеек больше, чем в заголовке",
	orders.LongCell:      "слишком длинная ячейка",
	orders.NoRate:        "для этой валюты в описании нет курса",
	orders.NotWon:        "сделка ещё не выиграна",
	orders.BadQuote:      "кавычки не закрыты как следует",
	orders.ErrorCell:     "в ячейке ошибка Excel",
	orders.GroupRow:      "строка группы отчёта",
	orders.Replaced:      "заменена более новой выгрузкой",
	orders.BadText:       "не текст в кодировке файла",
	orders.Truncated:     "файл обрывается посреди строки: выгрузите его заново",
	orders.BlankRow:      "пустая строка",
	orders.TotalRow:      "строка итогов",
	orders.HeaderRow:     "повтор заголовка",
	orders.OtherCurrency: "другая валюта",
	orders.AfterAsOf:     "позже даты отчёта",
	orders.DuplicateRow:  "повтор другой строки",
}

// path returns what the file system says.
func (l Language) path(e fs.PathError) string {
	switch {
	case errors.Is(e.Err, fs.ErrNotExist):
		return e.Path + l.Text(": такого файла или папки нет", ": there is no such file or directory")
	case errors.Is(e.Err, fs.ErrPermission):
		return e.Path + l.Text(": нет прав на этот файл", ": no permission for this file")
	}
	return e.Path + ": " + e.Err.Error()
}
