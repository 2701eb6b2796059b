package cli

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/repeatsales/repeatsales/internal/charset"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// spendColumns are the columns of a file of spend, by the headers that name them.
var spendColumns = map[string]string{
	"period": "period", "период": "period", "месяц": "period", "month": "period",
	"channel": "channel", "канал": "channel",
	"spend": "spend", "расходы": "spend", "расход": "spend",
	"leads": "leads", "лиды": "leads", "обращения": "leads",
	"qualified": "qualified", "целевые": "qualified",
}

// Spend declares the flag -spend, the file of what was spent and the leads.
func Spend(j *Job, path *string) {
	j.StringVar(path, "spend", "", j.Text(
		"`ФАЙЛ` CSV расходов на привлечение: период (2024-01), канал, расходы, лиды, целевые; без последних двух тоже можно",
		"CSV `FILE` of what was spent on winning customers: period (2024-01), channel, spend, leads, qualified; the last two may be missing"))
}

// ReadSpend reads the file that -spend names; nothing if it names none.
func (j *Job) ReadSpend(path string) ([]ltv.Spend, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	set, err := charset.Detect(data)
	if err != nil {
		return nil, j.wrongFlag(j.Text("флаг -spend: %s – не текст", "flag -spend: %s is no text"), path)
	}
	data = set.Rest().Decode(data[set.MarkSize():])
	r := csv.NewReader(bytes.NewReader(data))
	header, _, _ := strings.Cut(string(data), "\n")
	for _, comma := range "\t;," {
		if strings.ContainsRune(header, comma) {
			r.Comma = comma
			break
		}
	}
	r.FieldsPerRecord = -1
	return j.spendRows(path, r)
}

// spendRows reads the rows under the header, each to the last cell.
func (j *Job) spendRows(path string, r *csv.Reader) (all []ltv.Spend, err error) {
	var keys []string
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, j.wrongFlag(j.Text("флаг -spend: %s: %v", "flag -spend: %s: %v"), path, err)
		}
		line, _ := r.FieldPos(0)
		if keys == nil {
			if keys, err = j.spendHeader(path, cells); err != nil {
				return nil, err
			}
			continue
		}
		var s ltv.Spend
		for i, cell := range cells {
			if i >= len(keys) {
				break
			}
			if err := setSpend(&s, keys[i], strings.TrimSpace(cell)); err != nil {
				return nil, j.wrongFlag(j.Text("флаг -spend: %s, строка %d, столбец %d: значение «%s» не подходит", "flag -spend: %s, line %d, column %d: value %q does not fit"), path, line, i+1, cell)
			}
		}
		all = append(all, s)
	}
	if keys == nil {
		return nil, j.wrongFlag(j.Text("флаг -spend: %s пуст", "flag -spend: %s is empty"), path)
	}
	return all, nil
}

// spendHeader returns what each column means; "" for one that is not used.
func (j *Job) spendHeader(path string, cells []string) ([]string, error) {
	keys := make([]string, len(cells))
	found := map[string]bool{}
	for i, cell := range cells {
		keys[i] = spendColumns[strings.ToLower(strings.TrimSpace(cell))]
		found[keys[i]] = true
	}
	if !found["period"] || !found["spend"] {
		return nil, j.wrongFlag(j.Text("флаг -spend: в %s нет столбцов «период» и «расходы»", "flag -spend: %s has no columns “period” and “spend”"), path)
	}
	return keys, nil
}

var errCell = errors.New("not a value of the column")

// setSpend sets what a cell says. Blank leads are not known.
func setSpend(s *ltv.Spend, key, cell string) (err error) {
	count := func(n *ltv.NullCount) error {
		if cell == "" {
			return nil
		}
		v, err := strconv.ParseUint(strings.NewReplacer(" ", "", noBreak, "").Replace(cell), 10, 62)
		*n = ltv.Counted(int64(v))
		return err
	}
	switch key {
	case "period":
		s.Period, err = parsePeriod(cell)
	case "channel":
		s.Channel = cell
	case "spend":
		if cell != "" {
			s.Money, err = parseAmount(cell)
		}
		if s.Money < 0 {
			err = errCell
		}
	case "leads":
		err = count(&s.Leads)
	case "qualified":
		err = count(&s.Qualified)
	}
	return err
}

// parsePeriod reads a day, a month, a quarter ("2024-Q1") or a year.
func parsePeriod(s string) (orders.Period, error) {
	for _, form := range []struct {
		layout string
		grain  orders.Grain
	}{
		{time.DateOnly, orders.Day}, {"02.01.2006", orders.Day}, {"2006-01", orders.Month}, {"01.2006", orders.Month}, {"2006", orders.Year},
	} {
		if t, err := time.Parse(form.layout, s); err == nil {
			return form.grain.Of(orders.DateOf(t)), nil
		}
	}
	year, quarter := 0, 0
	if n, err := fmt.Sscanf(s, "%4d-Q%1d", &year, &quarter); err == nil && n == 2 && quarter >= 1 && quarter <= 4 {
		p := orders.Quarter.Of(orders.NewDate(year, time.Month(3*quarter), 1))
		if p.String() == s {
			return p, nil
		}
	}
	return orders.Period{}, errCell
}
