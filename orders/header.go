package orders

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/repeatsales/repeatsales/internal/cell"
)

// headerKind says what a header tells about a column of customers or products.
type headerKind uint8

const (
	plainHeader headerKind = iota // «Клиент», Product: an id if there is no code, else the name
	codeHeader                    // «Код клиента», SKU
	nameHeader                    // «Полное имя контакта», Description
	weakHeader                    // «Код», ID: means the role only where the table leaves no better reading
)

// alias is what one normalised header name means; lower ranks are better.
type alias struct {
	role Role
	kind headerKind
	rank int
}

// aliasNames lists the header names of each role, the one to prefer first.
var aliasNames = []struct {
	role  Role
	kind  headerKind
	names string
}{
	{RoleCustomer, codeHeader, `код клиента, код контрагента, код покупателя, код партнера, id клиента, клиент id, id контрагента, id покупателя,
		id компании, id контакта, инн клиента, инн контрагента, инн покупателя, номер клиента,
		customer id, customerid, customer code, customer number, customer no, client id, client code, user id, buyer id, account id,
		account number, sold-to party, sold-to, member id, shopper id, company id, contact id, customer email, email`},
	{RoleCustomer, plainHeader, `контрагент, клиент, покупатель, заказчик, партнер, компания, контакт, грузополучатель,
		customer, client, buyer, user, account, company, contact, partner, shopper, member`},
	{RoleCustomer, nameHeader, `наименование клиента, наименование контрагента, наименование покупателя, имя клиента, название клиента,
		название компании, полное имя контакта, имя контакта, фио, фио клиента, фио покупателя, контрагент наименование,
		customer name, customer full name, client name, buyer name, company name, contact name, account name, bill-to name, billing name`},

	{RoleOrder, plainHeader, `номер заказа, заказ покупателя, заказ клиента, заказ, id заказа, код заказа, № заказа, регистратор, документ, документ продажи,
		номер документа, документ реализации, документ движения, реализация, накладная, номер накладной, номер реализации, номер чека, чек, номер счета, счет,
		id сделки, номер сделки, сделка, номер отправления,
		order id, order number, order no, order #, order, order reference, order ref, order code, invoice no, invoice number, invoice id, invoice #, invoice,
		basket id, sales document, sales order, transaction id, transaction, receipt, receipt number, receipt no, document number, document no, document, deal id, deal`},
	{RoleOrder, weakHeader, `id, номер, №, number, no, #, ссылка, reference`},

	{RoleBase, plainHeader, `документ основание, документ основания, документ основание возврата, основание, исходный документ, исходный заказ, документ продажи возврата, возврат по документу,
		base document, base order, original order, original invoice, return of, returned order`},

	{RoleDate, plainHeader, `дата продажи, дата реализации, дата отгрузки, дата закрытия, дата закрытия сделки, сделка закрыта дата, дата оплаты, дата документа, дата заказа,
		дата покупки, дата чека, дата операции, дата, период, день, дата начала, предполагаемая дата закрытия, дата создания сделки, дата создания, создан, создано,
		sale date, sales date, posting date, closed at, close date, closed date, invoice date, paid at, payment date, shipped at, ship date, order date, ordered at,
		purchase date, transaction date, document date, billing date, date, day, order datetime, datetime, timestamp, processed at, created at, created, creation date, create date, date created`},

	{RoleRevenue, plainHeader, `выручка без ндс, сумма без ндс, выручка, сумма выручки, сумма продажи, сумма продаж, продажи, сумма реализации, сумма со скидкой, сумма к оплате, оборот,
		сумма, сумма документа, сумма заказа, сумма сделки, сумма строки, сумма отправления, вайлдберриз реализовал товар, стоимость продажи, стоимость с учетом скидки, стоимость, бюджет, бюджет сделки,
		выручка с ндс, сумма с ндс, всего, итого, итого сумма, всего с ндс, выручка без скидок и наценок,
		net revenue, n. revenue, net sales, net amount, net value, revenue, sales, sales amount, turnover, line total, line amount, amount, order lines subtotal, subtotal, price subtotal, deal amount, deal value,
		order total, order amount, order value, total, total amount, total price, grand total, gross sales, gross amount, gross revenue, value, sum, dollars, dollar value`},

	{RoleQuantity, plainHeader, `количество, кол-во, кол, количество товара, объем, объем продаж, штук, шт, единиц,
		quantity, qty, units, units sold, quantity sold, lineitem quantity, order lines quantity, order quantity, items sold, number of items, count, pieces, number of cds`},
	{RolePrice, plainHeader, `цена со скидкой, цена, цена без ндс, цена с ндс, цена за единицу, цена продажи, цена реализации,
		net price, unit price, price, price each, price per unit, lineitem price, order lines unit price, item price, selling price`},
	{RoleCOGS, plainHeader, `себестоимость без ндс, себестоимость с ндс, себестоимость, сумма себестоимости, себестоимость продаж, себестоимость продажи, себестоимость товаров, закупочная стоимость, затраты,
		cogs, cost of goods sold, cost of sales, cost, total cost, cost amount`},
	{RoleProfit, plainHeader, `валовая прибыль без ндс, валовая прибыль с ндс, валовая прибыль, прибыль, маржа, валовой доход, наценка сумма, маржинальная прибыль, gross profit, profit, margin, gross margin`},
	{RoleDirect, plainHeader, `доставка, стоимость доставки, прямые расходы, прямые затраты, direct cost, direct costs, delivery cost, shipping cost`},

	{RoleRefund, plainHeader, `refunded amount, amount refunded, сумма возвратов`},

	{RoleProduct, codeHeader, `код номенклатуры, код товара, id товара, артикул товара, артикул номенклатуры, артикул, штрихкод, sku, stock code, stockcode, product id, product code, item id, item code, item no, item number,
		article, article number, product sku, lineitem sku, material, material number, asin, barcode, ean, upc`},
	{RoleProduct, plainHeader, `номенклатура, товар, товары, услуга, товар услуга, товары услуги, позиция, продукт, product, order lines product, item, article name, goods`},
	{RoleProduct, nameHeader, `наименование товара, наименование номенклатуры, название товара, номенклатура наименование, наименование, описание,
		product name, product title, item name, item description, product description, lineitem name, order lines description, description, title`},
	{RoleProduct, weakHeader, `код, code`},

	{RoleGroup, plainHeader, `номенклатурная группа, группа номенклатуры, группа товаров, товарная группа, группа, категория, категория товара, вид номенклатуры, товарная категория, бренд, марка,
		product group, product category, category, item category, group, product type, department, brand`},
	{RoleSalesperson, plainHeader, `менеджер, ответственный менеджер, ответственный, ответственный за сделку, менеджер по продажам, торговый представитель, продавец, сотрудник, кассир, автор,
		salesperson, sales person, sales rep, sales representative, rep, owner, deal owner, manager, account manager, seller, responsible, assigned to, employee`},
	{RoleChannel, plainHeader, `канал, канал продаж, источник, источник заказа, источник сделки, рекламный источник, воронка, магазин, склад, подразделение,
		channel, sales channel, source, lead source, order source, utm source, pipeline, store, shop, warehouse, location`},
	{RoleOrganisation, plainHeader, `организация, юридическое лицо, юр лицо, наша организация, organisation, organization, legal entity, company code`},
	{RoleCurrency, plainHeader, `валюта, валюта документа, валюта сделки, код валюты, код валюты отправления, currency, currency code, order currency`},
	{RoleStatus, plainHeader, `статус, статус заказа, статус сделки, стадия сделки, стадия, этап сделки, этап, состояние, состояние заказа,
		status, order status, deal stage, stage, state, financial status, invoice status`},
	{RoleType, plainHeader, `тип документа, вид документа, вид операции, тип операции, хозяйственная операция, тип чека, признак расчета,
		document type, doc type, transaction type, operation type, order type, invoice type, entry type`},
	{RoleSince, plainHeader, `клиент с, покупатель с, дата первой покупки, дата первой продажи, дата первого заказа, дата первой сделки, customer since, client since, first purchase date, first order date`},
	{RoleLead, plainHeader, `дата лида, дата обращения, дата первого обращения, дата регистрации клиента, lead date, lead created, lead created at, inquiry date`},
	{RoleRepeatFlag, plainHeader, `повторная сделка, повторная покупка, повторный клиент, тип клиента, новый повторный, customer type, repeat, is repeat, repeat customer, returning customer, new or returning`},
}

// aliases returns what each normalised header name means.
var aliases = sync.OnceValue(func() map[string][]alias {
	m := make(map[string][]alias)
	rank := 0
	for _, a := range aliasNames {
		for s := range strings.SplitSeq(a.names, ",") {
			key := normalise(s)
			if !slices.ContainsFunc(m[key], func(b alias) bool { return b.role == a.role }) {
				m[key] = append(m[key], alias{a.role, a.kind, rank})
			}
			rank++
		}
	}
	return m
})

// normalise returns what headers are compared by: letters and digits in lower
// case, ё as е, without the unit or currency behind a comma, in brackets or as
// the last word. The signs № and # stand for themselves if there is nothing else.
func normalise(header string) string {
	s := strings.TrimSpace(header)
	if i := strings.LastIndexByte(s, ','); i > 0 {
		s = s[:i]
	}
	if i := strings.IndexAny(s, "(["); i > 0 {
		if j := strings.IndexAny(s[i:], ")]"); j > 0 {
			s = s[:i] + " " + s[i+j+1:]
		}
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		if _, ok := currencyNames[letters(s[i:])]; ok {
			s = s[:i]
		}
	}
	if key := letters(s); key != "" {
		return key
	}
	return strings.TrimSpace(s)
}

// letters returns the letters and digits of s in lower case, ё as е.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case r == 'ё':
			return 'е'
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return r
		}
		return -1
	}, s)
}

// header is the line that names the columns.
type header struct {
	names []string // as the file has them, trimmed
	keys  []string // normalised

	lines [][]string // of the file

	numbers []int    // of the columns in the file, from 1; nil: as they stand
	notes   []string // where a column that the file does not have as such is from; nil: all are columns of the file
}

// number returns the number in the file, from 1, of column i.
func (h header) number(i int) int {
	if i < len(h.numbers) {
		return h.numbers[i]
	}
	return i + 1
}

func newHeader(cells [][]byte) header {
	var h header
	for _, c := range cells {
		s := string(cell.Trim(c))
		h.names = append(h.names, s)
		h.keys = append(h.keys, normalise(s))
	}
	h.lines = [][]string{h.names}
	return h
}

// find returns the columns, from 0, whose name is the given one. Name#2 is the
// second of several columns called Name.
func (h header) find(header string) []int {
	if found := h.named(header); found != nil {
		return found
	}
	name, number, _ := cutLast(header, "#")
	if n, err := strconv.Atoi(number); err == nil && n > 0 {
		if found := h.named(name); n <= len(found) {
			return found[n-1 : n]
		}
	}
	return nil
}

// cutLast is strings.Cut at the last separator.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func (h header) named(header string) []int {
	var found []int
	for i, s := range h.names { // the exact name goes before one that only looks like it
		if s == header {
			found = append(found, i)
		}
	}
	if found != nil {
		return found
	}
	key := normalise(header)
	for i, k := range h.keys {
		if k == key && key != "" {
			found = append(found, i)
		}
	}
	return found
}

// meaning is a column that may have a role.
type meaning struct {
	alias
	column int // from 0
}

// meanings returns what the columns may be, for each role the likeliest first.
func (h header) meanings() map[Role][]meaning {
	m := make(map[Role][]meaning)
	for i, key := range h.keys {
		if strings.Contains(h.names[i], "%") || slices.Contains(quarantineColumns, h.names[i]) { // a share is no sum
			continue
		}
		for _, a := range aliases()[key] {
			m[a.role] = append(m[a.role], meaning{a, i})
		}
	}
	for _, list := range m {
		slices.SortStableFunc(list, func(a, b meaning) int { return a.rank - b.rank })
	}
	return m
}

// known returns how many different roles the columns can have: how much the
// line looks like a header.
func (h header) known() int { return len(h.meanings()) }

// list returns the names in quotes, for a message.
func (h header) list() string {
	var b strings.Builder
	for i, s := range h.names {
		if s == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		if i >= 40 {
			b.WriteString("…")
			break
		}
		b.WriteString("\"" + cut(s, 60) + "\"")
	}
	return b.String()
}

// cut returns the beginning of s, of at most n bytes and whole letters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}

// beginsWith reports whether the text begins with one of the words, letters and
// digits alone compared.
func beginsWith(text string, words []string) bool {
	key := letters(text)
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(key, letters(w)) })
}

// totalWords are what stands in the key cell of a totals row, normalised; a
// grand total is one of them and nothing more.
var totalWords = []string{"итого", "всего", "общийитог", "общиеитоги", "итог", "total", "grandtotal", "totals", "sumtotal", "overall", "subtotal", "промежуточныйитог"}

// totalLabel says whether text labels a totals row, and whether that is the grand one.
func totalLabel(text string) (total, grand bool) {
	key := normalise(text)
	if i := slices.Index(totalWords, key); i >= 0 {
		return true, key != "subtotal" && key != "промежуточныйитог"
	}
	// «Итого по менеджеру», "Total for May": a word of its own, not Totalenergies.
	first, _, more := strings.Cut(strings.TrimSpace(text), " ")
	return more && slices.Contains(totalWords, normalise(first)), false
}
