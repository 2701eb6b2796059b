package cli

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/repeatsales/repeatsales/orders"
)

// flagError says what is wrong with the flags, in the job's language.
type flagError struct{ text string }

func (e *flagError) Error() string { return e.text }

// languageOf returns the language that -lang asks for, before the flags are
// parsed; Russian if it is not there, or not a language.
func languageOf(args []string) Language {
	for i, arg := range args {
		name, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if arg == "--" {
			break
		}
		if name != "lang" || !strings.HasPrefix(arg, "-") {
			continue
		}
		if !given && i+1 < len(args) {
			value = args[i+1]
		}
		if value == "en" {
			return English
		}
	}
	return Russian
}

// parse sets the flags and the exports. Flags may stand before, between and
// after the exports; after "--" everything is an export.
func (j *Job) parse() error {
	for i := 0; i < len(j.args); i++ {
		arg := j.args[i]
		if arg == "--" {
			j.Exports = append(j.Exports, j.args[i+1:]...)
			return nil
		}
		if len(arg) < 2 || arg[0] != '-' {
			j.Exports = append(j.Exports, arg)
			continue
		}
		name, value, given := strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
		if name == "h" || name == "help" {
			return flag.ErrHelp
		}
		f := j.Lookup(name)
		if f == nil {
			return j.wrongFlag(j.Text("нет такого флага: -%s", "there is no flag -%s"), name)
		}
		if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok && b.IsBoolFlag() && !given {
			value, given = "true", true
		}
		if !given {
			if i++; i == len(j.args) {
				return j.wrongFlag(j.Text("флагу -%s нужно значение: %s", "flag -%s needs a value: %s"), name, expected(f))
			}
			value = j.args[i]
		}
		if err := j.Set(name, value); err != nil {
			return j.wrongFlag(j.Text("флаг -%s: значение «%s» не подходит; %s", "flag -%s: value %q does not fit; %s"), name, value, expected(f))
		}
	}
	return nil
}

// expected returns what the value of a flag is.
func expected(f *flag.Flag) string {
	_, usage := flag.UnquoteUsage(f)
	return usage
}

func (j *Job) wrongFlag(format string, values ...any) error {
	return &flagError{fmt.Sprintf(format, values...)}
}

// fieldFlags are the flags behind the fields that an invalid option names.
var fieldFlags = map[string]string{
	"Bounds": "abc", "CV": "cv", "Vary": "vary", "BurnIn": "burn-in", "Conversion": "conversion",
	"Periods": "periods", "Persistence": "p", "Start": "start", "End": "end", "Days": "days", "Replicates": "replicates", "Block": "block",
	"HorizonDays": "horizon", "AnnualDiscount": "discount",
	"Month": "month", "Growth": "growth", "TeamMonths": "team", "Workdays": "holidays", "Workdays.Extra": "worked",
	"Scores": "scores", "TrimPercent": "trim", "R": "r", "F": "f", "M": "m", "Rules": "scores",
}

// asFlag returns err; if it says that an option of the library is invalid, the
// error of the flag behind that, if there is one.
func (j *Job) asFlag(err error) error {
	if !errors.Is(err, orders.ErrOptions) {
		return err
	}
	field, _, _ := strings.Cut(strings.TrimPrefix(detail(err, orders.ErrOptions), ": "), " ")
	f := j.Lookup(fieldFlags[field])
	if f == nil {
		return err
	}
	return j.wrongFlag(j.Text("флаг -%s не подходит к остальным или недопустим; %s", "flag -%s does not go with the others, or is not valid; %s"), f.Name, expected(f))
}

// Given reports whether the flag was given.
func (j *Job) Given(name string) bool {
	given := false
	j.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}

// commonFlags declares what all programs have.
func (j *Job) commonFlags() {
	t, o := j.Text, &j.Options
	var known Language // already in j.Language
	Choice(j, &known, "lang", "ru|en", t("язык сообщений и таблиц", "language of messages and tables"), Russian, English)
	Choice(j, &j.Format, "format", "table|csv|json", t("вид результата", "form of the result"), Text, CSV, JSON)
	j.Func("as-of", t("последний учитываемый `ДЕНЬ`: 2024-12-31 или 31.12.2024; позднее не читается", "last `DAY` that counts: 2024-12-31 or 31.12.2024; later rows are skipped"), func(s string) (err error) {
		o.AsOf, err = parseDay(s)
		return err
	})
	j.Func("set", t("`РОЛЬ=ЗАГОЛОВОК`: какой столбец что значит, если он не узнан (можно повторять); роли: ", "`ROLE=HEADER`: what a column means, where it is not recognised (repeatable); roles: ")+roleNames(), func(s string) error {
		return setColumn(o, s)
	})
	j.StringVar(&j.mapping, "map", "", t("`ФАЙЛ` с описанием выгрузки в JSON (его пишет inspect -write-map) или готовое описание: ", "`FILE` with a mapping as JSON (inspect -write-map writes one), or a preset: ")+strings.Join(orders.Presets(), ", "))
	j.StringVar(&j.quarantine, "quarantine", "", t("`ФАЙЛ` для отвергнутых строк: исправьте их и прочитайте вместе с выгрузкой", "`FILE` for the rejected rows: mend them and read it together with the export"))
	list := func(p *[]string) func(string) error {
		return func(s string) error { return appendList(p, s) }
	}
	j.Func("cancel", t("`НАЧАЛО` номеров отменённых заказов (через запятую или повторяя)", "`PREFIX` of the ids of cancelled orders (repeatable, or comma separated)"), list(&o.Cancel))
	j.Func("return", t("`НАЧАЛО` номеров возвратов (через запятую или повторяя)", "`PREFIX` of the ids of returns (repeatable, or comma separated)"), list(&o.Return))
	Choice(j, &o.HistoryComplete, "history", "export|complete", t("complete: до начала выгрузки не покупал никто", "complete: nobody bought before the export begins"), false, true)
	Natural(j, &o.BurnIn, "burn-in", t("сколько `ДНЕЙ` от начала выгрузки первая покупка может быть и не первой; 0: по данным", "`DAYS` from the beginning of the export in which a first purchase may not be the first; 0: from the data"))
	Choice(j, &o.FactsOnly, "lines", "keep|drop", t("drop: строк не хранить, для файлов больше памяти; о товарах и группах тогда известны только суммы по месяцам", "drop: keep no lines, for files larger than memory; of products and groups only sums by month are known then"), false, true)
	Choice(j, &o.Purchase, "purchase", "day|deal", t("что считать покупкой: день клиента или каждую сделку", "what is one purchase: a customer's day or every deal"), orders.PerDay, orders.PerDeal)
	Choice(j, &o.CountZero, "zero", "skip|purchase", t("сделки ровно на 0: не считать или считать покупками", "deals of exactly 0: skip them or count them as purchases"), false, true)
	j.StringVar(&o.Currency, "currency", "", t("`ВАЛЮТА`: читать только строки в ней", "read only the rows in this `CURRENCY`"))
	j.Func("max-rejected", t("какая `ДОЛЯ` непонятых строк (0…1) терпима: по умолчанию 0.05; 0: ни одной, 1: любая", "`SHARE` of rows not understood (0…1) that is tolerable: 0.05 by default; 0: none, 1: any"), func(s string) error {
		share, err := parseShare(s)
		o.MaxRejected, o.Strict = share, share == 0
		return err
	})
}

// Choice declares a flag that is one of a few words, "a|b|c", which stand for
// values in the same order. The first is the default.
func Choice[T any](j *Job, p *T, name, words, usage string, values ...T) {
	*p = values[0]
	names := strings.Split(words, "|")
	j.Func(name, "`"+words+"`: "+usage, func(s string) error {
		i := slices.Index(names, s)
		if i < 0 {
			return strconv.ErrSyntax
		}
		*p = values[i]
		return nil
	})
}

// Natural declares a flag that is a whole number from 0.
func Natural(j *Job, p *int, name, usage string) {
	j.Func(name, usage, func(s string) error {
		n, err := strconv.ParseUint(s, 10, 31)
		*p = int(n)
		return err
	})
}

// Fraction declares a flag that is a share, 0…1.
func Fraction(j *Job, p *float64, name, usage string) {
	j.Func(name, usage, func(s string) (err error) {
		*p, err = parseShare(s)
		return err
	})
}

// Amounts declares a flag that is several amounts, comma separated: "80,95".
func Amounts(j *Job, p *[]orders.Amount, name, usage string) {
	j.Func(name, usage, func(s string) (err error) {
		*p, err = parseAmounts(s)
		return err
	})
}

// Percents declares a flag that is several percentages, comma separated, of
// which it makes shares: "10,25" is 0.10 and 0.25.
func Percents(j *Job, p *[]float64, name, usage string) {
	j.Func(name, usage, func(s string) error {
		amounts, err := parseAmounts(s)
		*p = nil
		for _, a := range amounts {
			*p = append(*p, float64(a)/float64(100*orders.One))
		}
		return err
	})
}

// Fractions declares a flag that is several shares, comma separated: "0.05,0.1".
func Fractions(j *Job, p *[]float64, name, usage string) {
	j.Func(name, usage, func(s string) error {
		*p = nil
		for part := range strings.SplitSeq(s, ",") {
			share, err := parseShare(strings.TrimSpace(part))
			if err != nil {
				return err
			}
			*p = append(*p, share)
		}
		return nil
	})
}

func parseAmounts(s string) (amounts []orders.Amount, err error) {
	for part := range strings.SplitSeq(s, ",") {
		a, err := orders.ParseAmount(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		amounts = append(amounts, a)
	}
	return amounts, nil
}

// Money declares a flag that is an amount, with a decimal dot or comma.
func Money(j *Job, p *orders.Amount, name, usage string) {
	j.Func(name, usage, func(s string) (err error) {
		*p, err = parseAmount(s)
		return err
	})
}

// Assumption declares a flag that is an amount which is unknown unless given.
func Assumption(j *Job, p *orders.NullAmount, name, usage string) {
	j.Func(name, usage, func(s string) error {
		a, err := parseAmount(s)
		*p = orders.Known(a)
		return err
	})
}

// Rate declares a flag that is money per purchase, or with % a percentage of revenue.
func Rate(j *Job, p *orders.Rate, name, usage string) {
	j.Func(name, usage, func(s string) error {
		number, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
		a, err := parseAmount(number)
		*p = orders.Rate{Amount: a}
		if percent {
			*p = orders.Rate{Percent: a}
		}
		return err
	})
}

// Words declares a flag that is several words, comma separated. A blank one is
// a word too: "no," is "no" and "".
func Words(j *Job, p *[]string, name, usage string) {
	j.Func(name, usage, func(s string) error {
		*p = strings.Split(s, ",")
		return nil
	})
}

// parseAmount reads an amount as people write it: "1 234,50" or "1234.50".
func parseAmount(s string) (orders.Amount, error) {
	return orders.ParseAmount(strings.NewReplacer(" ", "", noBreak, "", ",", ".").Replace(s))
}

// parseShare reads a share, 0…1, with a decimal dot or comma.
func parseShare(s string) (float64, error) {
	share, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err == nil && !(share >= 0 && share <= 1) {
		err = strconv.ErrRange
	}
	return share, err
}

// parseDay reads a day as ISO 8601 or as it is written in Russia.
func parseDay(s string) (orders.Date, error) {
	if t, err := time.Parse("02.01.2006", s); err == nil {
		return orders.DateOf(t), nil
	}
	return orders.ParseDate(s)
}

// appendList adds the comma separated parts of s.
func appendList(p *[]string, s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part == "" {
			return strconv.ErrSyntax
		}
		*p = append(*p, part)
	}
	return nil
}

// roles are the roles that -set knows.
var roles = []orders.Role{
	orders.RoleCustomer, orders.RoleCustomerName, orders.RoleOrder, orders.RoleBase, orders.RoleDate,
	orders.RoleRevenue, orders.RoleQuantity, orders.RolePrice, orders.RoleCOGS, orders.RoleProfit, orders.RoleDirect,
	orders.RoleProduct, orders.RoleProductName, orders.RoleGroup, orders.RoleSalesperson, orders.RoleChannel,
	orders.RoleOrganisation, orders.RoleCurrency, orders.RoleStatus, orders.RoleType,
	orders.RoleSince, orders.RoleLead, orders.RoleRepeatFlag, orders.RoleRefund,
}

func roleNames() string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

func setColumn(o *orders.Options, s string) error {
	role, header, ok := strings.Cut(s, "=")
	if !ok || strings.TrimSpace(header) == "" || !slices.Contains(roles, orders.Role(role)) {
		return strconv.ErrSyntax
	}
	if o.Columns == nil {
		o.Columns = map[orders.Role]string{}
	}
	o.Columns[orders.Role(role)] = header
	return nil
}

// Grain declares the flag -grain, the length of a period.
func Grain(j *Job, p *orders.Grain) {
	Choice(j, p, "grain", "month|day|week|quarter|year", j.Text("длина периода", "length of a period"),
		orders.Month, orders.Day, orders.Week, orders.Quarter, orders.Year)
}

// Costs declares the flags of the assumptions about what a purchase costs. What
// they give replaces what the export has.
func Costs(j *Job, c *orders.Costs) {
	t := j.Text
	Assumption(j, &c.Revenue, "revenue", t("`ВЫРУЧКА` одной покупки", "`REVENUE` of one purchase"))
	Assumption(j, &c.COGS, "cogs", t("`СЕБЕСТОИМОСТЬ` одной покупки", "`COST` of goods sold of one purchase"))
	Money(j, &c.Overhead, "overhead", t("накладные `РАСХОДЫ` на одну покупку", "`OVERHEAD` of one purchase"))
	Assumption(j, &c.Direct, "direct", t("прямые `РАСХОДЫ` (доставка и прочие) на одну покупку", "delivery and other direct `COST` of one purchase"))
	Money(j, &c.OverheadPool, "overhead-pool", t("накладные `РАСХОДЫ` за весь период, делятся по -overhead-by", "`OVERHEAD` of the whole range, shared out by -overhead-by"))
	Choice(j, &c.OverheadBy, "overhead-by", "purchases|revenue|lines", t("по чему делить -overhead-pool", "what -overhead-pool is shared out by"), orders.PerPurchase, orders.ByRevenue, orders.ByLines)
	Money(j, &c.CostPerLead, "cpl", t("`ЦЕНА` одного лида", "`COST` per lead"))
	Fraction(j, &c.Conversion, "conversion", t("`ДОЛЯ` лидов, которые покупают: 0…1", "`SHARE` of leads who buy: 0…1"))
	Rate(j, &c.BonusFirst, "bonus-first", t("`ПРЕМИЯ` продавца за первую покупку: деньги или процент выручки, 5%", "salesperson's `BONUS` for a first purchase: money, or a percentage of its revenue, 5%"))
	Rate(j, &c.BonusRepeat, "bonus-repeat", t("`ПРЕМИЯ` продавца за повторную покупку", "salesperson's `BONUS` for a repeat purchase"))
	Money(j, &c.ErrorsFirst, "errors-first", t("`ЦЕНА` исправления ошибок в первой покупке", "`COST` of correcting errors in a first purchase"))
	Money(j, &c.ErrorsRepeat, "errors-repeat", t("`ЦЕНА` исправления ошибок в повторной покупке", "`COST` of correcting errors in a repeat purchase"))
}
