package exports

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/orders"
)

// bitrixID returns the number that Bitrix24 gives the n-th deal.
func bitrixID(n int) int { return 1000 + 2*n }

var bitrixHeader = []string{
	"ID", "Название сделки", "Стадия сделки", "Воронка", "Тип", "Сумма", "Валюта", "Компания", "Контакт", "Ответственный",
	"Дата создания", "Дата изменения", "Предполагаемая дата закрытия", "Сделка закрыта", "Источник", "Дополнительно об источнике",
	"Доступна для всех", "Повторная сделка", "Повторное обращение", "Комментарий",
}

// WriteBitrix24 writes the list of deals as Bitrix24 exports it to CSV: UTF-8
// with a byte order mark, every cell in quotes and followed by a semicolon,
// the last one too, the currency by its name.
func WriteBitrix24(w io.Writer, book []company.Line) error {
	out := newQuoted(w)
	out.row(bitrixHeader)
	list := documents(book)
	repeated := before(list)
	for _, d := range list {
		out.row(bitrixDeal(d, repeated[d.number]))
	}
	return out.err
}

// WriteBitrix24Products writes the list of deals with their products: a row
// for each, on which the deal is repeated and «Сумма» is that of the product.
func WriteBitrix24Products(w io.Writer, book []company.Line) error {
	out := newQuoted(w)
	out.row(append(bitrixHeader[:len(bitrixHeader):len(bitrixHeader)], "Товар", "Цена", "Количество"))
	list := documents(book)
	repeated := before(list)
	for _, d := range list {
		for _, l := range d.lines {
			row := bitrixDeal(d, repeated[d.number])
			row[5] = places(l.Revenue)
			out.row(append(row, l.ProductName, places(price(l)), l.Quantity.String()))
		}
	}
	return out.err
}

func bitrixDeal(d document, repeated bool) []string {
	l := d.head()
	stage := "Сделка успешна"
	if l.Cancelled {
		stage = "Сделка провалена"
	}
	flag := "N"
	if repeated {
		flag = "Y"
	}
	day := l.Date.Time().Format("02.01.2006")
	at := fmt.Sprintf("%s %02d:%02d:%02d", day, l.Second/3600, l.Second/60%60, l.Second%60)
	return []string{
		strconv.Itoa(bitrixID(d.number)), "Сделка #" + strconv.Itoa(bitrixID(d.number)), stage, "Общая", "Продажа", places(d.revenue), "Российский рубль",
		l.CustomerName, "", l.Salesperson, at, at, day, "Y", l.Channel, "", "Y", flag, "N", "",
	}
}

func heldByBitrix24(book []company.Line) []orders.Line {
	var lines []orders.Line
	list := documents(book)
	repeated := before(list)
	for _, d := range list {
		l := d.deal(bitrixID(d.number))
		l.RepeatFlag = "N"
		if repeated[d.number] {
			l.RepeatFlag = "Y"
		}
		lines = append(lines, l)
	}
	return lines
}

func heldByBitrix24Products(book []company.Line) []orders.Line {
	var lines []orders.Line
	deals := heldByBitrix24(book)
	for i, d := range documents(book) {
		deal := deals[i]
		for _, l := range d.lines {
			deal.Product, deal.Quantity, deal.Revenue = l.ProductName, l.Quantity, l.Revenue
			lines = append(lines, deal)
		}
	}
	return lines
}

// quoted writes cells as Bitrix24 does.
type quoted struct {
	w   io.Writer
	err error
}

func newQuoted(w io.Writer) *quoted {
	q := &quoted{w: w}
	_, q.err = io.WriteString(w, bom)
	return q
}

func (q *quoted) row(cells []string) {
	if q.err != nil {
		return
	}
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `";`)
	}
	b.WriteString("\r\n")
	_, q.err = io.WriteString(q.w, b.String())
}

// amoHeader has 76 columns, some of them under one name.
var amoHeader = strings.Split(`ID,Название сделки,Компания,Основной контакт,Ответственный,Этап сделки,Воронка,Бюджет ₽,Дата создания сделки,Кем создана сделка,`+
	`Дата редактирования,Кем редактирована,Дата закрытия,Теги сделки,Ближайшая задача,Примечание,Примечание 2,Примечание 3,Примечание 4,Примечание 5,`+
	`Полное имя контакта,Компания контакта,Ответственный за контакт,Должность,Рабочий телефон,Рабочий прямой телефон,Мобильный телефон,Факс,Домашний телефон,Другой телефон,`+
	`Рабочий email,Личный email,Другой email,Город,Адрес,Сайт,roistat,Источник,Товар,Причина отказа,`+
	`utm_source,utm_medium,utm_campaign,utm_term,utm_content,utm_referrer,openstat_service,openstat_campaign,openstat_ad,openstat_source,`+
	`from,gclientid,_ym_uid,_ym_counter,gclid,yclid,fbclid,referrer,Форма,Страница,`+
	`roistat,Товар,Источник,Доставка до,Дата отгрузки план,Вид оплаты,Номер договора,Дата договора,Срок договора,Объект,`+
	`Площадь объекта,Регион,Менеджер отгрузки,Отзыв,Оценка,Комментарий логиста`, ",")

// WriteAmoCRM writes the list of leads as amoCRM exports it: 76 columns, some
// names twice, commas, the currency as a sign in the header.
func WriteAmoCRM(w io.Writer, book []company.Line) error {
	out := csv.NewWriter(w)
	out.Write(amoHeader)
	for _, d := range documents(book) {
		l := d.head()
		stage := "Успешно реализовано"
		if l.Cancelled {
			stage = "Закрыто и не реализовано"
		}
		row := make([]string, len(amoHeader))
		at := fmt.Sprintf("%s %02d:%02d:%02d", l.Date.Time().Format("02.01.2006"), l.Second/3600, l.Second/60%60, l.Second%60)
		for name, value := range map[string]string{
			"ID": strconv.Itoa(amoID(d.number)), "Название сделки": "Сделка #" + strconv.Itoa(amoID(d.number)), "Компания": l.CustomerName,
			"Ответственный": l.Salesperson, "Этап сделки": stage, "Воронка": "Воронка", "Бюджет ₽": places(d.revenue),
			"Дата создания сделки": at, "Кем создана сделка": l.Salesperson, "Дата редактирования": at, "Дата закрытия": at, "Источник": l.Channel,
		} {
			row[indexOf(amoHeader, name)] = value
		}
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// amoID returns the number that amoCRM gives the n-th lead.
func amoID(n int) int { return 24_000_000 + 37*n }

func heldByAmoCRM(book []company.Line) []orders.Line {
	var lines []orders.Line
	for _, d := range documents(book) {
		lines = append(lines, d.deal(amoID(d.number)))
	}
	return lines
}

// indexOf returns the first column of that name.
func indexOf(header []string, name string) int {
	for i, s := range header {
		if s == name {
			return i
		}
	}
	panic("exports: no column " + name)
}
