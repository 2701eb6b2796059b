package orders

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// preset is a mapping with a name.
type preset struct {
	name    string
	mapping Mapping
	columns string // in lines of "role: header, other name of it …", with "role!" for what must be there
}

// presets are the mappings of well-known systems. Which of a system's columns
// an export has is the choice of who exports, so that few must be there: those
// without which it is another system's.
var presets = []preset{
	{"1c_gross_profit", Mapping{}, `
		customer: Контрагент, Покупатель, Клиент, Заказчик, Партнер
		order: Заказ покупателя, Заказ клиента, Заказ, Регистратор, Документ, Документ продажи
		date: Дата, Период, Дата документа, Дата продажи
		product: Номенклатура, Товар
		group: Номенклатурная группа, Группа номенклатуры, Вид номенклатуры
		salesperson: Менеджер, Ответственный
		organisation: Организация
		channel: Подразделение, Склад
		quantity: Количество
		revenue!: Выручка, Сумма продажи, Сумма, Стоимость продажи
		cogs: Себестоимость, Себестоимость продажи, Себестоимость продаж
		profit: Валовая прибыль, Прибыль`},
	{"1c_flat", Mapping{}, `
		customer: Код контрагента, Код клиента, Код покупателя, Код партнера
		customer_name: Контрагент, Покупатель, Клиент, Заказчик, Партнер
		order: Регистратор, Документ, Документ движения, Заказ покупателя, Заказ клиента, Номер документа, Номер заказа, Номер
		base: Документ основание, Документ-основание, Основание
		date: Дата документа, Дата продажи, Дата, Период
		product: Код номенклатуры, Артикул
		product_name: Номенклатура, Товар, Наименование
		group: Номенклатурная группа, Группа номенклатуры, Вид номенклатуры
		salesperson: Менеджер, Ответственный
		organisation: Организация
		channel: Канал, Канал продаж, Источник, Подразделение, Склад
		type: Вид документа, Тип документа, Вид операции, Хозяйственная операция
		status: Статус, Состояние
		currency: Валюта, Валюта документа
		quantity: Количество
		price: Цена
		revenue: Выручка, Сумма продажи, Стоимость, Сумма, Сумма документа
		cogs: Себестоимость, Себестоимость продажи
		profit: Валовая прибыль, Прибыль`},
	{"bitrix24", Mapping{
		Statuses: Statuses{
			Won:  []string{"Сделка успешна", "Успешно реализован", "Закрыта и реализована", "Deal won", "Won"},
			Lost: []string{"Сделка провалена", "Провал", "Отказ", "Анализ причины провала", "Deal lost", "Lost", "Lose", "Analyze failure", "Apology"},
		},
	}, `
		order!: ID
		status!: Стадия сделки, Стадия, Stage
		date: Дата закрытия, Предполагаемая дата закрытия, Дата завершения, Дата создания, Closed on, Expected close date, End date, Created
		lead: Дата создания, Created
		customer: Клиент, Client
		customer: Компания, Company
		customer: Контакт, Contact
		product: Товар, Product
		quantity: Количество, Quantity
		price: Цена, Price
		revenue!: Сумма, Сумма сделки, Amount, Total
		currency: Валюта, Currency
		salesperson: Ответственный, Responsible person, Responsible
		channel: Источник, Source, Воронка, Pipeline
		repeat_flag: Повторная сделка, Повторное обращение, Repeat deal, Repeat inquiry`},
	{"amocrm", Mapping{
		Statuses: Statuses{
			Won:  []string{"Успешно реализовано", "Closed - won", "Won"},
			Lost: []string{"Закрыто и не реализовано", "Closed - lost", "Lost"},
		},
	}, `
		order!: ID
		status!: Этап сделки, Этап, Статус сделки, Lead stage, Stage
		date!: Дата закрытия, Closed at
		lead: Дата создания сделки, Дата создания, Created at
		customer: Компания, Компания контакта, Company
		customer: Полное имя контакта, Контакт, Full name of contact, Contact
		revenue!: Бюджет, Бюджет сделки, Sale, Budget
		salesperson: Ответственный, Ответственный за сделку, Responsible user, Responsible
		channel: Источник, Source, Воронка, Pipeline`},
	{"shopify", Mapping{
		Shape:    ShapeFirstLine,
		Statuses: Statuses{Won: []string{}, Lost: []string{"voided", "expired"}},
	}, `
		order!: Name
		date!: Created at
		customer!: Email
		customer: Phone
		customer: Billing Name
		customer_name: Billing Name, Shipping Name
		status: Financial Status
		currency: Currency
		revenue!: Subtotal
		refund: Refunded Amount
		product: Lineitem sku
		product_name: Lineitem name
		quantity: Lineitem quantity
		price: Lineitem price
		refund: Refunded Amount
		salesperson: Employee
		channel: Source`},
	{"woocommerce", Mapping{
		Statuses: Statuses{
			Won:  []string{"completed", "processing", "выполнен", "обработка"},
			Lost: []string{"cancelled", "refunded", "failed", "trash", "отмен", "возвращ", "не удался"},
		},
	}, `
		order!: Order #, Order Number, Order ID
		date!: Date, Order Date
		customer!: Customer, Customer Email, Billing Email
		revenue!: N. Revenue, Net sales, Net revenue, Order Total
		status: Status, Order Status
		repeat_flag: Customer type
		product: Product(s)
		quantity: Items sold
		channel: Attribution, Origin`},
	{"odoo", Mapping{
		Shape: ShapeFirstLine,
		VAT:   VATExcluded,
		Statuses: Statuses{
			Won:  []string{"Sales Order", "Sale", "Locked", "Done", "Заказ на продажу", "Заказ", "Заблокирован"},
			Lost: []string{"Cancel", "Отмен"},
		},
	}, `
		order!: Order Reference, Номер заказа
		date!: Order Date, Confirmation Date, Дата заказа
		customer!: Customer, Клиент, Заказчик
		salesperson: Salesperson, Продавец, Менеджер
		channel: Sales Team, Отдел продаж
		organisation: Company, Компания
		status: Status, Статус
		currency: Currency, Валюта
		product: Order Lines/Product, Строки заказа/Товар
		quantity: Order Lines/Quantity, Order Lines/Ordered Quantity, Строки заказа/Количество
		price: Order Lines/Unit Price, Строки заказа/Цена единицы
		revenue: Order Lines/Subtotal, Untaxed Amount, Строки заказа/Итого без налога`},
	{"online_retail", Mapping{Currency: "GBP", ReturnOrders: []string{"C"}}, `
		order!: InvoiceNo, Invoice
		product!: StockCode
		product_name: Description
		quantity!: Quantity
		date!: InvoiceDate
		price!: UnitPrice, Price
		customer!: CustomerID, Customer ID`},
}

// Presets returns the names of the mappings that come with the package:
//
//   - 1c_gross_profit: 1C, the report «Валовая прибыль» and its kin
//   - 1c_flat: 1C, a register or a journal of documents as one table
//   - bitrix24: deals of Bitrix24, with or without their products
//   - amocrm: deals of amoCRM (Kommo)
//   - shopify: orders of Shopify, less what was refunded
//   - woocommerce: the orders report of WooCommerce Analytics
//   - odoo: quotations and orders of Odoo (sale.order)
//   - online_retail: the data set Online Retail of UCI; invoices that begin with C are returns
func Presets() []string {
	names := make([]string, len(presets))
	for i, p := range presets {
		names[i] = p.name
	}
	return names
}

// Preset returns the mapping of that name, which is the caller's to change. It
// knows columns by their headers, and leaves how a file is written to be found
// out: encoding, delimiter, header row, formats of numbers and dates. Deals of a
// CRM that are not won are not counted: see [Statuses].
//
// Another name than those of [Presets] is an error that wraps [ErrOptions].
func Preset(name string) (Mapping, error) {
	i := slices.IndexFunc(presets, func(p preset) bool { return p.name == name })
	if i < 0 {
		return Mapping{}, fmt.Errorf("%w: there is no preset %q, but %s", ErrOptions, name, strings.Join(Presets(), ", "))
	}
	m := presets[i].mapping.clone()
	for line := range strings.Lines(strings.TrimSpace(presets[i].columns)) {
		role, headers, _ := strings.Cut(strings.TrimSpace(line), ":")
		role, needed := strings.CutSuffix(role, "!")
		names := strings.Split(headers, ",")
		for i, name := range names {
			names[i] = strings.TrimSpace(name)
		}
		m.Columns = append(m.Columns, MappedColumn{Header: names[0], Or: slices.Concat(names[1:]), Role: Role(role), Optional: !needed})
	}
	return m, nil
}

// clone returns a mapping that shares nothing with m.
func (m Mapping) clone() Mapping {
	m.Columns = slices.Clone(m.Columns)
	for i, c := range m.Columns {
		m.Columns[i].Or = slices.Clone(c.Or)
	}
	m.Statuses = Statuses{slices.Clone(m.Statuses.Won), slices.Clone(m.Statuses.Lost)}
	m.Returns, m.CancelOrders, m.ReturnOrders = slices.Clone(m.Returns), slices.Clone(m.CancelOrders), slices.Clone(m.ReturnOrders)
	m.Rates = maps.Clone(m.Rates)
	return m
}
