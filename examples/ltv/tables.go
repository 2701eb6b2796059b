package main

import (
	"context"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
)

// customers returns one row per customer.
func customers(job *cli.Job, p *ltv.Prediction) cli.Table {
	t := job.Text
	table := cli.Table{
		Head: head(job, p),
		Columns: []cli.Column{
			{Key: "customer", Title: t("Клиент", "Customer")},
			{Key: "purchases", Title: t("Покупок", "Purchases")},
			{Key: "first_day", Title: t("Первая", "First")},
			{Key: "last_day", Title: t("Последняя", "Latest")},
			{Key: "historic", Title: t("Принёс", "To date")},
			{Key: "p_alive", Title: t("Активен", "Alive")},
			{Key: "expected_purchases", Title: t("Купит раз", "Will buy")},
			{Key: "next_day", Title: t("Следующая", "Next")},
			{Key: "clv", Title: t("Принесёт", "CLV")},
			{Key: "clv_low", Title: t("от", "from")},
			{Key: "clv_high", Title: t("до", "to")},
			{Key: "reason", Title: t("Оговорка", "Reason")},
		},
	}
	for _, v := range p.Customers {
		table.Rows = append(table.Rows, []any{
			v.ID, v.Purchases, v.FirstDay, v.LastDay, v.Historic, cli.Share(v.PAlive), cli.Ratio(v.ExpectedPurchases),
			v.NextDay, v.CLV, v.CLVLow, v.CLVHigh, v.Reasons.String(),
		})
	}
	return table
}

// head returns what the table is about, and its sums.
func head(job *cli.Job, p *ltv.Prediction) []cli.Field {
	t, total := job.Text, p.Total
	return []cli.Field{
		{Key: "as_of", Title: t("По данным на", "Known up to"), Value: p.AsOf},
		{Key: "until", Title: t("Прогноз до", "Predicted until"), Value: p.Until},
		{Key: "discount", Title: t("Дисконт в год", "Annual discount"), Value: cli.Share(p.AnnualDiscount)},
		{Key: "level", Title: t("Вероятность интервалов", "Probability of intervals"), Value: cli.Share(p.Level)},
		{Key: "basis", Title: t("Деньги", "Money"), Value: job.Code(p.Basis.String(), basis(job, p.Basis))},
		{Key: "currency", Title: t("Валюта", "Currency"), Value: p.Currency},
		{Key: "model", Title: t("Модель", "Model"), Value: p.Model.Name()},
		{Key: "sufficient", Title: t("Данных достаточно", "The data suffice"), Value: p.Sufficient},
		{Key: "customers", Title: t("Клиентов", "Customers"), Value: total.Customers},
		{Key: "alive", Title: t("Из них активны, ожидаемо", "Of them customers still, expected"), Value: cli.Ratio(total.Alive)},
		{Key: "expected_purchases", Title: t("Ожидается покупок", "Expected purchases"), Value: cli.Ratio(total.ExpectedPurchases)},
		{Key: "purchases_low", Title: t("от", "from"), Value: cli.Ratio(total.PurchasesLow)},
		{Key: "purchases_high", Title: t("до", "to"), Value: cli.Ratio(total.PurchasesHigh)},
		{Key: "clv", Title: t("Принесут все", "All will bring"), Value: total.CLV},
		{Key: "clv_low", Title: t("от", "from"), Value: total.CLVLow},
		{Key: "clv_high", Title: t("до", "to"), Value: total.CLVHigh},
		{Key: "new_first", Title: t("Первая покупка нового клиента приносит", "A new customer's first purchase brings"), Value: p.New.First},
		{Key: "new_acquisition", Title: t("Привлечь его стоит", "Winning one costs"), Value: p.New.Acquisition},
		{Key: "new_clv", Title: t("Его повторные покупки принесут", "Their repeat purchases will bring"), Value: p.New.CLV},
	}
}

func basis(job *cli.Job, b ltv.Basis) string {
	if b == ltv.ByRevenue {
		return job.Text("выручка", "revenue")
	}
	return job.Text("прибыль", "profit")
}

// scores returns one row per model and baseline.
func scores(job *cli.Job, v *ltv.Validation) cli.Table {
	t := job.Text
	table := cli.Table{
		Head: []cli.Field{
			{Key: "first_day", Title: t("Подгонка с", "Fitted from"), Value: v.From},
			{Key: "cut", Title: t("по", "to"), Value: v.Cut},
			{Key: "last_day", Title: t("Проверка по", "Tested up to"), Value: v.AsOf},
			{Key: "customers", Title: t("Клиентов", "Customers"), Value: int64(v.Customers)},
			{Key: "calibration", Title: t("Повторных покупок до проверки", "Repeat purchases before the test"), Value: int64(v.Calibration)},
			{Key: "holdout", Title: t("Покупок за время проверки", "Purchases in the test"), Value: int64(v.Holdout)},
			{Key: "chosen", Title: t("Выбрана модель", "Chosen model"), Value: v.Chosen},
		},
		Columns: []cli.Column{
			{Key: "model", Title: t("Модель", "Model")},
			{Key: "chosen", Title: t("Выбрана", "Chosen")},
			{Key: "expected", Title: t("Ожидалось", "Expected")},
			{Key: "low", Title: t("от", "from")}, {Key: "high", Title: t("до", "to")},
			{Key: "bias", Title: t("Промах", "Bias")},
			{Key: "mae", Title: "MAE"}, {Key: "rmse", Title: "RMSE"}, {Key: "msle", Title: "MSLE"},
			{Key: "spearman", Title: t("Спирмен", "Spearman")}, {Key: "gini", Title: t("Джини", "Gini")},
			{Key: "coverage", Title: t("В интервале", "In interval")},
		},
	}
	for _, s := range v.Scores {
		table.Rows = append(table.Rows, []any{
			s.Name, s.Name == v.Chosen, cli.Ratio(s.Expected), cli.Ratio(s.Low), cli.Ratio(s.High), cli.Share(s.Bias),
			cli.Ratio(s.MAE), cli.Ratio(s.RMSE), cli.Ratio(s.MSLE), cli.Ratio(s.Spearman), cli.Ratio(s.Gini), cli.Share(s.Coverage),
		})
	}
	return table
}

// printFit prints the fitted model of p, in the unit asked for, as JSON.
func (q *question) printFit(ctx context.Context, job *cli.Job, f orders.Facts, p *ltv.Prediction) error {
	fit := p.Fit
	if fit != nil && q.model == nil && q.unit != ltv.PerDay { // chosen: fitted per day
		sample, err := ltv.Summarize(ctx, f, ltv.SampleOptions{})
		if err != nil {
			return err
		}
		if fit, err = ltv.FitProcess(sample, inUnit(p.Model, q.unit), ltv.FitOptions{}); err != nil {
			return err
		}
	}
	out := cli.Object{{Key: "model", Value: p.Model.Name()}}
	if fit == nil {
		out = append(out, cli.Field{Key: "saved", Value: p.Saved()})
		return job.PrintJSON(out)
	}
	d := fit.Diagnostics
	out = append(out,
		cli.Field{Key: "unit", Value: q.unit.String()},
		cli.Field{Key: "parameters", Value: parameters(fit.Parameters)},
		cli.Field{Key: "log_likelihood", Value: cli.Ratio(fit.LogLikelihood)},
		cli.Field{Key: "customers", Value: int64(fit.Customers)},
		cli.Field{Key: "diagnostics", Value: cli.Object{
			{Key: "converged", Value: d.Converged}, {Key: "gradient", Value: cli.Ratio(d.Gradient)}, {Key: "condition", Value: cli.Ratio(d.Condition)},
			{Key: "ridge", Value: d.Ridge}, {Key: "boundary", Value: append([]string{}, d.Boundary...)},
			{Key: "starts", Value: d.Starts}, {Key: "agree", Value: d.Agree}, {Key: "steps", Value: d.Steps},
			{Key: "log_likelihood_nbd", Value: cli.Ratio(d.NBD)}, {Key: "log_likelihood_poisson", Value: cli.Ratio(d.Poisson)},
			{Key: "chi_square", Value: cli.Ratio(d.Purchases.ChiSquare)}, {Key: "degrees", Value: d.Purchases.Degrees}, {Key: "p", Value: cli.Ratio(d.Purchases.P)},
		}})
	if g := p.Money.Gamma; g != nil {
		out = append(out, cli.Field{Key: "money", Value: cli.Object{
			{Key: "model", Value: "gamma-gamma"}, {Key: "parameters", Value: parameters(g.Parameters)},
			{Key: "log_likelihood", Value: cli.Ratio(g.LogLikelihood)}, {Key: "finite_mean", Value: g.Finite},
			{Key: "correlation", Value: cli.Ratio(g.Correlation)}, {Key: "independent", Value: cli.Ratio(g.Independent)},
		}})
	}
	if n := p.Money.Normal; n != nil {
		out = append(out, cli.Field{Key: "money", Value: cli.Object{
			{Key: "model", Value: "normal-normal"}, {Key: "parameters", Value: parameters(n.Parameters)}, {Key: "log_likelihood", Value: cli.Ratio(n.LogLikelihood)},
		}})
	}
	return job.PrintJSON(out)
}

// parameters returns estimates and their standard errors by name.
func parameters(all []ltv.Parameter) cli.Object {
	var o cli.Object
	for _, p := range all {
		o = append(o, cli.Field{Key: p.Name, Value: cli.Object{{Key: "value", Value: cli.Ratio(p.Value)}, {Key: "se", Value: cli.Ratio(p.SE)}}})
	}
	return o
}
