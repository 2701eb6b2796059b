package cli

import (
	"github.com/repeatsales/repeatsales/ltv"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/segments"
)

// AtStake returns o with what each customer is expected to bring as the worth of
// a call. Without a prediction o is left as it is: what a purchase brings on
// average is then at stake.
func AtStake(o segments.CallOptions, p *ltv.Prediction) segments.CallOptions {
	if p == nil {
		return o
	}
	o.Stake, o.HorizonDays = segments.ExpectedProfit, p.HorizonDays
	if p.Basis == ltv.ByRevenue {
		o.Stake = segments.ExpectedRevenue
	}
	o.Worth = make(map[string]orders.Amount, len(p.Customers))
	for _, c := range p.Customers {
		o.Worth[c.ID] = c.ExpectedProfit
	}
	return o
}

// Stake returns what the worth of a customer is.
func (j *Job) Stake(s segments.Stake) string {
	t := j.Text
	return j.Code(s.String(), map[segments.Stake]string{
		segments.ExpectedProfit:  t("ожидаемая прибыль", "expected profit"),
		segments.ExpectedRevenue: t("ожидаемая выручка", "expected revenue"),
		segments.AverageProfit:   t("средняя валовая прибыль одной покупки", "mean gross profit of one purchase"),
		segments.AverageRevenue:  t("средняя выручка одной покупки", "mean revenue of one purchase"),
	}[s])
}

// Status returns how late a customer is.
func (j *Job) Status(s segments.Status) string {
	t := j.Text
	return j.Code(s.String(), map[segments.Status]string{
		segments.NoRhythm: t("нет ритма", "no rhythm"),
		segments.OnTime:   t("в срок", "on time"),
		segments.Due:      t("пора", "due"),
		segments.Late:     t("опаздывает", "late"),
		segments.AtRisk:   t("под угрозой", "at risk"),
		segments.Lapsed:   t("потерян", "lapsed"),
	}[s])
}

// RhythmOf returns whose rhythm a customer is held to.
func (j *Job) RhythmOf(r segments.RhythmOf) string {
	t := j.Text
	return j.Code(r.String(), map[segments.RhythmOf]string{
		segments.Nobody:    t("ничей", "nobody's"),
		segments.Own:       t("свой", "own"),
		segments.OfSegment: t("сегмента", "segment"),
		segments.OfCompany: t("компании", "company"),
	}[r])
}
