// Command ltv predicts what every customer is worth from now on: whether they
// are customers still, how often they will buy, when next, and what that brings,
// with intervals; and it shows how far such a prediction can be trusted.
//
//	go run ./examples/ltv -horizon 365 -discount 0.15 -format csv export.csv
//	go run ./examples/ltv -model pareto -fit -unit week export.csv
//	go run ./examples/ltv -validate export.csv
//	go run ./examples/ltv -save model.json export.csv
//	go run ./examples/ltv -load model.json -as-of 2024-12-31 export.csv
package main

import (
	"context"
	"encoding/json"
	"io"
	"os"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("ltv",
		"Сколько принесёт каждый клиент: жив ли он, сколько раз купит, когда и на сколько.",
		"What each customer will bring: whether they are one still, how often they buy, when, and for how much.", args, stdout, stderr)
	var q question
	q.flags(job)
	return job.Run(func(ctx context.Context) (err error) {
		if err := q.read(job); err != nil {
			return err
		}
		sales, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer sales.Release()
		return q.answer(ctx, job, sales)
	})
}

// question is what the flags ask for.
type question struct {
	ltv.PredictOptions
	unit          ltv.Unit
	model         ltv.Process
	fit, validate bool
	save, load    string
	spend         string
}

func (q *question) flags(job *cli.Job) {
	t := job.Text
	cli.Natural(job, &q.HorizonDays, "horizon", t("на сколько `ДНЕЙ` вперёд; 0: на 365", "how many `DAYS` ahead; 0: 365"))
	cli.Fraction(job, &q.AnnualDiscount, "discount", t("на какую `ДОЛЮ` дешевеют деньги за год: 0.15", "by what `SHARE` money loses worth in a year: 0.15"))
	cli.Choice(job, &q.model, "model", "auto|bgnbd|mbgnbd|pareto|nbd", t("модель покупок; auto – выбрать по прошлому", "the model of purchases; auto chooses by the past"),
		[]ltv.Process{nil, ltv.BGNBD{}, ltv.MBGNBD{}, ltv.ParetoNBD{}, ltv.NBD{}}...)
	cli.Choice(job, &q.unit, "unit", "day|week|month|year", t("единица времени параметров для -fit; в статьях – неделя", "unit of time of the parameters that -fit prints; papers have weeks"),
		ltv.PerDay, ltv.PerWeek, ltv.PerMonth, ltv.PerYear)
	cli.Choice(job, &q.Basis, "basis", "profit|revenue", t("что приносит покупка: прибыль или выручку", "what a purchase brings: profit or revenue"), ltv.ByProfit, ltv.ByRevenue)
	cli.Fraction(job, &q.Level, "level", t("`ВЕРОЯТНОСТЬ` интервалов: по умолчанию 0.9", "`PROBABILITY` of intervals: 0.9 by default"))
	job.BoolVar(&q.fit, "fit", false, t("показать параметры модели, их ошибки и диагностику в JSON", "print the parameters of the model, their errors and the diagnostics as JSON"))
	job.BoolVar(&q.validate, "validate", false, t("проверить модели на второй половине выгрузки", "put the models to the test on the second half of the export"))
	job.StringVar(&q.save, "save", "", t("`ФАЙЛ`, в который записать модель (JSON)", "`FILE` to write the model to (JSON)"))
	job.StringVar(&q.load, "load", "", t("`ФАЙЛ` с моделью, записанной -save: не подгонять новую", "`FILE` with a model that -save wrote, instead of fitting one"))
	cli.Costs(job, &q.Costs)
	cli.Spend(job, &q.spend)
}

// read fills in what flags name.
func (q *question) read(job *cli.Job) (err error) {
	if q.model != nil {
		q.Model = inUnit(q.model, q.unit)
	}
	if q.Spend, err = job.ReadSpend(q.spend); err != nil || q.load == "" {
		return err
	}
	b, err := os.ReadFile(q.load)
	if err != nil {
		return err
	}
	q.Saved = new(ltv.Saved)
	return json.Unmarshal(b, q.Saved)
}

// inUnit returns the model with its parameters in a unit.
func inUnit(m ltv.Process, u ltv.Unit) ltv.Process {
	switch m := m.(type) {
	case ltv.NBD:
		m.Unit = u
		return m
	case ltv.BGNBD:
		m.Unit = u
		return m
	case ltv.MBGNBD:
		m.Unit = u
		return m
	case ltv.ParetoNBD:
		m.Unit = u
		return m
	}
	return m
}

// answer prints what was asked for.
func (q *question) answer(ctx context.Context, job *cli.Job, f orders.Facts) error {
	if q.validate {
		v, err := ltv.Validate(ctx, f, ltv.ValidateOptions{Level: q.Level, Seed: q.Seed})
		if err != nil {
			return err
		}
		job.Warn(v.Warnings...)
		return job.Print(scores(job, v))
	}
	p, err := ltv.Predict(ctx, f, q.PredictOptions)
	if err != nil {
		return err
	}
	job.Warn(p.Warnings...)
	if q.save != "" {
		b, err := json.Marshal(p.Saved())
		if err != nil {
			return err
		}
		if err := os.WriteFile(q.save, append(b, '\n'), 0o666); err != nil {
			return err
		}
	}
	if !q.fit {
		return job.Print(customers(job, p))
	}
	return q.printFit(ctx, job, f, p)
}
