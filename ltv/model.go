package ltv

import (
	"fmt"
	"math"
	"slices"

	"github.com/repeatsales/repeatsales/orders"
)

// Model is the what-if model of a customer: a first purchase, then as many
// repeat purchases as one likes, each with the same profit. It supposes that
// every customer returns, which no business can; what customers really did is
// in [Profit.ByNumber] and [Profit.ByAge].
type Model struct {
	FirstRevenue, RepeatRevenue orders.Amount // of one purchase
	First, Repeat               orders.Amount // profit of one purchase
	Acquisition                 orders.Amount // cost of winning the customer, charged in First
}

// Model returns the what-if model of the table's average first and repeat
// purchase, rounded to kopecks. It reports false if the profit of either is
// unknown or there was no such purchase.
func (p *Profit) Model() (Model, bool) {
	return modelOf(p.First, p.Repeat)
}

// modelOf returns the model of two columns.
func modelOf(f, r Column) (Model, bool) {
	first, ok1 := f.PerPurchase()
	repeat, ok2 := r.PerPurchase()
	if !ok1 || !ok2 || !first.Profit.Known || !repeat.Profit.Known {
		return Model{}, false
	}
	return Model{
		FirstRevenue: first.Revenue, RepeatRevenue: repeat.Revenue,
		First: first.Profit.Amount, Repeat: repeat.Profit.Amount,
		Acquisition: first.Acquisition,
	}, true
}

// Payback returns the number of the purchase with which a customer has paid
// back, n = 1 + ⌈max(0, −First) ÷ Repeat⌉; 0 means never: repeat purchases
// that earn nothing pay nothing back, and those that lose take a first
// purchase's profit away again.
func (m Model) Payback() int64 {
	if m.Repeat <= 0 {
		return 0
	}
	loss := max(0, -m.First)
	n := 1 + int64(loss/m.Repeat)
	if loss%m.Repeat != 0 {
		n++
	}
	return n
}

// BreakEven returns the cost of winning a customer above which the first
// purchase loses money: First + Acquisition.
func (m Model) BreakEven() orders.Amount { return m.First + m.Acquisition }

// Comparison sets one customer who buys so many times beside as many new
// customers who buy once each.
type Comparison struct {
	Purchases     int64
	New           orders.Amount // profit of so many first purchases
	Returning     orders.Amount // profit of one first and otherwise repeat purchases
	Times         float64       // Returning ÷ New; NaN unless New is positive
	RepeatRevenue float64       // share of the repeat purchases in the returning customer's revenue, 0…1; NaN unless it is positive
	RepeatProfit  float64       // share of the repeat purchases in the returning customer's profit; NaN unless it is positive
}

// Compare returns the comparison over n purchases, n ≥ 1. It returns
// [orders.ErrOptions] (wrapped) for any other n and [orders.ErrRange]
// (wrapped) if n purchases come to more than an Amount holds.
func (m Model) Compare(n int64) (Comparison, error) {
	if n < 1 {
		return Comparison{}, fmt.Errorf("ltv: %w: %d purchases", orders.ErrOptions, n)
	}
	var e checked
	c := Comparison{Purchases: n, New: e.times(m.First, n)}
	repeat, revenue := e.times(m.Repeat, n-1), e.times(m.RepeatRevenue, n-1)
	c.Returning = m.First + repeat
	c.Times = share(c.Returning, c.New)
	c.RepeatRevenue = share(revenue, m.FirstRevenue+revenue)
	c.RepeatProfit = share(repeat, c.Returning)
	return c, e.err
}

// share returns a ÷ b; NaN unless b is positive.
func share(a, b orders.Amount) float64 {
	if b <= 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}

// LeadGridOptions says for which prices and conversions a grid is computed.
type LeadGridOptions struct {
	// CostPerLead are the rows. Nil: the cost per lead of the table (assumed, or
	// spent ÷ leads) once, twice and three times; 500, 1,000 and 1,500 if it has none.
	CostPerLead []orders.Amount

	// Conversion are the columns, shares above 0 and up to 1. Nil: half the
	// conversion of the table, the conversion itself and twice that (at most 1);
	// 0.05, 0.10 and 0.20 if it has none.
	Conversion []float64
}

// LeadGrid is the profit of a first purchase by what a lead costs and how many
// of the leads buy, in the what-if model.
type LeadGrid struct {
	CostPerLead []orders.Amount
	Conversion  []float64
	Cells       [][]LeadCell // [row of CostPerLead][column of Conversion]
}

// LeadCell is one cell of a grid.
type LeadCell struct {
	Acquisition orders.Amount // cost per lead ÷ conversion
	First       orders.Amount // profit of a first purchase at that price
	Payback     int64         // as [Model.Payback]; 0: never
}

// LeadGrid returns the grid of a table, with every cost but that of winning a
// customer as it is there. It reports [orders.ErrOptions] (wrapped) for a
// price below 0 or a conversion outside its range, and [ErrUnknown] if the
// table has no [Profit.Model]. The zero options are the published grid.
// Source: definitions §6, first versus repeat deal profit.
func (p *Profit) LeadGrid(o LeadGridOptions) (*LeadGrid, error) {
	m, ok := p.Model()
	if !ok {
		return nil, ErrUnknown
	}
	g := &LeadGrid{CostPerLead: slices.Clone(o.CostPerLead), Conversion: slices.Clone(o.Conversion)}
	if g.CostPerLead == nil {
		g.CostPerLead = defaultPrices(p.leads().CostPerLead)
	}
	if g.Conversion == nil {
		g.Conversion = defaultConversions(p.leads().Conversion)
	}
	g.Cells = make([][]LeadCell, len(g.CostPerLead))
	for i, price := range g.CostPerLead {
		g.Cells[i] = make([]LeadCell, len(g.Conversion))
		for j, conversion := range g.Conversion {
			at, err := m.at(price, conversion)
			if err != nil {
				return nil, err
			}
			g.Cells[i][j] = LeadCell{Acquisition: at.Acquisition, First: at.First, Payback: at.Payback()}
		}
	}
	return g, nil
}

// at returns the model with a customer won at another price.
func (m Model) at(costPerLead orders.Amount, conversion float64) (Model, error) {
	if costPerLead < 0 || !(conversion > 0 && conversion <= 1) {
		return m, fmt.Errorf("ltv: %w: CostPerLead = %s at Conversion = %v", orders.ErrOptions, costPerLead, conversion)
	}
	c, err := newCharges(orders.Costs{CostPerLead: costPerLead, Conversion: conversion})
	if err != nil {
		return m, err
	}
	m.First = m.BreakEven() - c.acquisition
	m.Acquisition = c.acquisition
	return m, nil
}

// leads returns what a lead costs and how many buy: as assumed, or as spent.
func (p *Profit) leads() orders.Costs {
	if p.Won == nil {
		return p.Costs
	}
	t, c := p.Won.Reliable, orders.Costs{}
	if t.Conversion > 0 && t.Conversion <= 1 { // NaN is neither
		c.CostPerLead, c.Conversion = kopecks(t.CostPerLead.Amount, 1), t.Conversion
	}
	return c
}

func defaultPrices(costPerLead orders.Amount) []orders.Amount {
	if costPerLead == 0 {
		costPerLead = 500 * orders.One
	}
	return []orders.Amount{costPerLead, 2 * costPerLead, 3 * costPerLead}
}

func defaultConversions(conversion float64) []float64 {
	if conversion == 0 {
		conversion = 0.10
	}
	return []float64{conversion / 2, conversion, min(1, 2*conversion)}
}

// Verdict is what a profit table says about winning a customer and keeping one.
type Verdict struct {
	First       orders.Amount // profit of an average first purchase
	FirstLoses  bool          // First is below 0: a customer who buys once costs money
	Acquisition orders.Amount // cost of winning a customer, of an average first purchase
	BreakEven   orders.Amount // above it a first purchase loses money
	Repeat      orders.Amount // profit of an average repeat purchase

	// Model is the purchase with which a customer who always returns has paid
	// back; 0: never. Of the customers there really are ByNumber and ByAge of the
	// table tell, and nothing else does.
	Model int64
}

// Verdict returns whether the average first purchase loses money, and what
// winning a customer may cost at most for it not to: First + Acquisition. It
// reports false if the table has no [Profit.Model].
// Source: definitions §6: the first deal of the worked example loses money if
// and only if acquisition is above 7,000.
func (p *Profit) Verdict() (Verdict, bool) {
	m, ok := p.Model()
	return Verdict{
		First: m.First, FirstLoses: m.First < 0, Acquisition: m.Acquisition,
		BreakEven: m.BreakEven(), Repeat: m.Repeat, Model: m.Payback(),
	}, ok
}
