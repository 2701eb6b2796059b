package company

import "math/rand/v2"

// staff returns the eight salespersons.
func staff() []Salesperson {
	return []Salesperson{
		{"Орлова М.", Hunter}, {"Кедрин П.", Hunter}, {"Талызин Г.", Hunter},
		{"Вересова Н.", Farmer}, {"Лугова Т.", Farmer}, {"Снегов А.", Farmer}, {"Ярцева О.", Farmer},
		{"Быстрин К.", Counter},
	}
}

func staffOf(r Role) (names []string) {
	for _, s := range staff() {
		if s.Role == r {
			names = append(names, s.Name)
		}
	}
	return names
}

// channels are where customers come from; the weights favour the first.
var channels = []string{"Звонок", "Сайт", "Рекомендация", "Выставка", "Тендер"}

const (
	counterID      = "00-000001"
	counterName    = "Розничный покупатель"
	counterChannel = "Магазин"
)

var (
	nameStarts = []string{
		"Арг", "Бурл", "Вельм", "Гранв", "Далк", "Елн", "Жарм", "Звенд", "Ирл", "Кард", "Ламеж", "Мерт", "Норф",
		"Оквел", "Плауд", "Рутен", "Сэвир", "Тилен", "Умбр", "Фенр", "Хавел", "Чинор", "Шолг", "Эльг", "Юрк", "Ярмез",
	}
	nameEnds = []string{
		"аторг", "оснаб", "астрой", "омонтаж", "окомплект", "оэнерго", "асервис", "омаркет", "опром", "ателеком",
		"одом", "авек", "омаш", "отех", "аград", "олайн", "оресурс", "абаза", "офорум", "инвест", "оконтакт", "ацентр",
	}
	surnameEnds = []string{"инский", "еватов", "ушкевич", "оманов", "елидзе", "игаров"}
	initials    = []string{"А. В.", "Б. Г.", "В. К.", "Г. Н.", "Д. М.", "Е. С.", "И. Р.", "К. Л.", "М. О.", "Н. П.", "О. Д.", "С. Ф."}
)

// companyNames returns every name that the lists give, shuffled: firms in the
// two ways in which exports quote them, and sole traders.
func companyNames(r *rand.Rand) []string {
	var names []string
	for _, start := range nameStarts {
		for i, end := range nameEnds {
			switch (i + len(start)/2) % 5 {
			case 0:
				names = append(names, `ООО "`+start+end+`"`)
			case 1:
				names = append(names, "АО «"+start+end+"»")
			default:
				names = append(names, "ООО «"+start+end+"»")
			}
			names = append(names, "ТД «"+start+end+"»")
		}
		for _, end := range surnameEnds {
			names = append(names, "ИП "+start+end+" "+initials[r.IntN(len(initials))])
		}
	}
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names
}
