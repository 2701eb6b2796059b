package report

import (
	"fmt"

	"github.com/repeatsales/repeatsales/orders"
)

var rejectReasons = map[orders.Reason]text{
	orders.NoDate:      {"the date is blank", "нет даты"},
	orders.BadDate:     {"not a date", "не дата"},
	orders.DateRange:   {"an impossible date", "невозможная дата"},
	orders.NoRevenue:   {"neither an amount nor quantity and price", "нет ни суммы, ни количества с ценой"},
	orders.BadNumber:   {"not a number", "не число"},
	orders.NumberRange: {"the number is too large", "слишком большое число"},
	orders.ShortRow:    {"fewer cells than the header", "ячеек меньше, чем в заголовке"},
	orders.LongRow:     {"more cells than the header", "ячеек больше, чем в заголовке"},
	orders.BadQuote:    {"a quoted cell does not end", "кавычки не закрыты"},
	orders.LongCell:    {"a cell longer than a cell may be", "ячейка длиннее допустимого"},
	orders.ErrorCell:   {"an error of Excel in the cell", "в ячейке ошибка Excel"},
	orders.NoRate:      {"no rate for the currency", "нет курса этой валюты"},
	orders.Truncated:   {"the file ends in the middle of the row", "файл обрывается посреди строки"},
	orders.BadText:     {"bytes that are no text", "байты, которые не являются текстом"},
}

// rejectsSheet lists the rows that could not be understood.
func (b *book) rejectsSheet() {
	row := func(i int) *orders.RowError { return &b.Rejected[i] }
	positive := func(v int64) any {
		if v <= 0 {
			return nil
		}
		return v
	}
	columns := []column{
		{key: "file", name: text{"File", "Файл"}, width: 30, note: text{"of the export", "выгрузка, из которой строка"}, cell: func(i, _ int) any { return row(i).File }},
		{key: "row", name: text{"Row", "Строка"}, width: 10, style: style{format: whole}, note: text{"as a spreadsheet counts, the header included", "номер, как в таблице, вместе с заголовком"},
			cell: func(i, _ int) any { return positive(row(i).Row) }},
		{key: "line", name: text{"Line of the file", "Строка файла"}, width: 10, style: style{format: whole}, note: text{"as a text editor counts", "номер, как в текстовом редакторе"},
			cell: func(i, _ int) any { return positive(row(i).Line) }},
		{key: "column", name: text{"Column", "Столбец"}, width: 9, style: style{format: whole}, note: text{"from 1; blank: the row as a whole", "с 1; пусто — вся строка"},
			cell: func(i, _ int) any { return positive(int64(row(i).Column)) }},
		{key: "header", name: text{"Header", "Заголовок"}, width: 24, note: text{"of that column", "этого столбца"}, cell: func(i, _ int) any { return row(i).Header }},
		{key: "value", name: text{"Value", "Значение"}, width: 40, note: text{"as in the file, cut to 200 bytes", "как в файле, до 200 байт"}, cell: func(i, _ int) any { return row(i).Value }},
		{key: "reason", name: text{"Reason", "Причина"}, width: 42, note: text{"why the row could not be understood", "почему строку не удалось понять"}, cell: func(i, _ int) any { return b.reason(rejectReasons, row(i).Reason) }},
	}
	var widths []float64
	for _, v := range columns {
		widths = append(widths, v.width)
	}
	s := b.sheet(text{"Rejected rows", "Отклонённые строки"}, widths...)
	s.add(style{look: title}, text{"Rejected rows", "Отклонённые строки"})
	n := b.control.Rejected
	s.add(style{look: subtitle}, text{
		fmt.Sprintf("%d rows rejected; listed: %d. Their money is in the reconciliation and in no other sheet.", n, len(b.Rejected)),
		fmt.Sprintf("Отклонено строк: %d, перечислено: %d. Их деньги показаны в сверке и больше ни в одном листе.", n, len(b.Rejected)),
	})
	if int64(len(b.Rejected)) < n {
		s.add(style{look: alarm}, text{
			fmt.Sprintf("%d more rows were rejected and not kept word for word.", n-int64(len(b.Rejected))),
			fmt.Sprintf("Ещё отклонено строк: %d; дословно они не сохранены.", n-int64(len(b.Rejected))),
		})
	}
	if n == 0 {
		s.add(style{look: prose}, text{"No row was rejected.", "Отклонённых строк нет."})
		return
	}
	t := s.table(len(b.Rejected), true, columns)
	t.fill()
	t.listing(0)
	t.legend()
}
