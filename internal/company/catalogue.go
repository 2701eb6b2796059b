package company

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/repeatsales/repeatsales/orders"
)

// Product is one article of the catalogue.
type Product struct {
	ID, Name, Group string

	price      float64     // of the list of the opening day
	cost       float64     // share of the list price
	metres     bool        // sold by length, in halves
	costedFrom orders.Date // before that day its cost is in no document
	family     *family
}

// family is a product group: what its articles are called, what they cost,
// and how their demand moves with the months, in per cent of an average one.
type family struct {
	name, code string
	nouns      []string
	price      float64
	metres     bool
	season     [12]int
}

var families = []family{
	{"Кабель", "КП", []string{"Кабель", "Провод", "Шнур"}, 90, true, [12]int{70, 80, 95, 105, 115, 115, 110, 115, 115, 105, 95, 80}},
	{"Светильники", "СВ", []string{"Светильник", "Прожектор", "Лампа"}, 900, false, [12]int{85, 85, 90, 90, 85, 80, 85, 105, 125, 130, 125, 115}},
	{"Автоматика", "АЗ", []string{"Автомат", "Реле", "Контактор"}, 420, false, [12]int{70, 85, 100, 105, 110, 110, 110, 110, 110, 105, 100, 85}},
	{"Розетки", "РВ", []string{"Розетка", "Выключатель", "Диммер"}, 210, false, [12]int{75, 85, 95, 105, 110, 105, 100, 105, 115, 110, 105, 90}},
	{"Щиты", "ЩК", []string{"Щит", "Корпус", "Шкаф"}, 2600, false, [12]int{65, 80, 95, 105, 115, 120, 115, 115, 110, 105, 95, 80}},
	{"Инструмент", "ЭИ", []string{"Дрель", "Пила", "Перфоратор"}, 5200, false, [12]int{75, 95, 105, 110, 110, 105, 100, 100, 100, 95, 95, 110}},
	{"Крепёж", "КР", []string{"Анкер", "Хомут", "Скоба"}, 35, false, [12]int{70, 85, 95, 110, 115, 115, 110, 110, 110, 100, 95, 85}},
	{"Обогрев", "ОБ", []string{"Обогреватель", "Тепловентилятор", "Конвектор"}, 3100, false, [12]int{150, 125, 85, 50, 30, 25, 30, 70, 130, 175, 180, 150}},
	{"Насосы", "НП", []string{"Насос", "Полив", "Клапан"}, 2800, false, [12]int{35, 55, 110, 185, 205, 175, 140, 100, 70, 50, 40, 35}},
	{"Аккумуляторы", "АК", []string{"Аккумулятор", "Блок питания", "Зарядник"}, 1500, false, [12]int{110, 105, 100, 95, 90, 90, 90, 95, 100, 105, 110, 110}},
}

const productsPerFamily = 30

// catalogue returns 300 products in ten groups, the best-selling of each group first.
func catalogue(r *rand.Rand) []Product {
	const letters = "ВДЗКЛМНПРСТФ"
	alphabet := []rune(letters)
	var products []Product
	for f := range families {
		fam := &families[f]
		series := map[string]string{}
		for _, noun := range fam.nouns {
			series[noun] = string([]rune{alphabet[r.IntN(12)], alphabet[r.IntN(12)], alphabet[r.IntN(12)]})
		}
		for i := range productsPerFamily {
			noun := fam.nouns[i%len(fam.nouns)]
			p := Product{
				ID:     fmt.Sprintf("%s-%04d", fam.code, 1000+100*f+i),
				Name:   fmt.Sprintf("%s %s-%d", noun, series[noun], i/len(fam.nouns)+1),
				Group:  fam.name,
				price:  fam.price * math.Exp(0.6*r.NormFloat64()),
				cost:   0.66 + 0.14*r.Float64(),
				metres: fam.metres,
				family: fam,
			}
			if r.IntN(33) == 0 {
				p.costedFrom = orders.NewDate(2024, 4, 1)
			}
			products = append(products, p)
		}
	}
	return products
}

// listPrice returns the price of a day, in kopecks: the list is raised by
// 3.5 % on every 1 January and 1 July.
func (p *Product) listPrice(day orders.Date) float64 {
	raises := orders.Quarter.Of(day).Sub(orders.Quarter.Of(opening)) / 2
	return max(100, math.Round(100*p.price*math.Pow(1.035, float64(raises))))
}

// kopecks returns v kopecks, rounded, as an Amount.
func kopecks(v float64) orders.Amount { return orders.Amount(math.Round(v)) * (orders.One / 100) }
