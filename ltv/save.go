package ltv

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/repeatsales/repeatsales/orders"
)

// Saved is a fitted model as a few hundred bytes of JSON: what [Predict] needs
// to predict for other customers, or for the same ones later.
type Saved struct {
	Model         Process     // of purchases, with its Unit
	Covariance    [][]float64 // as in [Fit]; nil if Model was given
	LogLikelihood float64     // in the unit of Model; NaN if Model was given

	Gamma           *GammaGamma   // of what a purchase is worth: at most one of the two
	Normal          *NormalNormal //
	MoneyCovariance [][]float64   // as in [Fit]
	Mean            float64       // as in [Money]
	Basis           Basis
	Currency        string // "" if the export did not say

	AsOf        orders.Date // last day of the data
	Customers   float64     // whom Model was fitted to
	Fingerprint string      // of the data: equal data give equal ones
}

// newSaved returns the models of p.
func newSaved(p *Prediction, r *people) *Saved {
	s := &Saved{
		Model: p.Model, LogLikelihood: math.NaN(), Mean: p.Money.Mean, Basis: p.Basis, Currency: p.Currency,
		AsOf: p.AsOf, Customers: r.sample.Customers, Fingerprint: r.sample.Fingerprint(),
	}
	if p.Fit != nil {
		s.Covariance, s.LogLikelihood = p.Fit.Covariance, p.Fit.LogLikelihood
	}
	if g := p.Money.Gamma; g != nil {
		model := g.Model
		s.Gamma, s.MoneyCovariance, s.Mean = &model, g.Covariance, g.MeanValue
	}
	if n := p.Money.Normal; n != nil {
		model := n.Model
		s.Normal, s.MoneyCovariance = &model, n.Covariance
	}
	return s
}

// Check returns [orders.ErrOptions] (wrapped) unless the models are in their
// domains and at most one of Gamma and Normal is there.
func (s *Saved) Check() error {
	switch {
	case s.Model == nil:
		return fmt.Errorf("ltv: %w: Saved.Model = nil", orders.ErrOptions)
	case s.Gamma != nil && s.Normal != nil:
		return fmt.Errorf("ltv: %w: Saved.Gamma beside Saved.Normal", orders.ErrOptions)
	case s.Basis > ByRevenue:
		return fmt.Errorf("ltv: %w: Saved.Basis = %d", orders.ErrOptions, s.Basis)
	}
	err := s.Model.Check()
	if err == nil && s.Gamma != nil {
		err = s.Gamma.Check()
	}
	if err == nil && s.Normal != nil {
		err = s.Normal.Check()
	}
	return err
}

// Fingerprint returns 16 hexadecimal digits of the SHA-256 of the sample:
// equal samples give equal ones, and others practically never.
func (s *Sample) Fingerprint() string {
	h := sha256.New()
	write := func(values ...float64) {
		for _, v := range values {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(v))
			h.Write(b[:])
		}
	}
	write(float64(s.AsOf))
	for _, g := range s.Groups {
		write(float64(g.X), g.TX, g.T, g.Customers)
	}
	for _, m := range s.Monetary {
		write(float64(m.Purchases), m.Mean, m.Customers)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// money returns the model of money.
func (s *Saved) money() Money {
	m := Money{Mean: s.Mean, Customers: math.NaN(), Floored: math.NaN()}
	if s.Gamma != nil {
		m.Gamma = &MonetaryFit{
			Fit: Fit[GammaGamma]{Model: *s.Gamma, Covariance: s.MoneyCovariance, LogLikelihood: math.NaN()}, MeanValue: s.Mean, Finite: s.Gamma.Q > 1,
			Excluded: math.NaN(), Correlation: math.NaN(), Independent: math.NaN(),
		}
	}
	if s.Normal != nil {
		m.Normal = &Fit[NormalNormal]{Model: *s.Normal, Covariance: s.MoneyCovariance, LogLikelihood: math.NaN()}
	}
	return m
}

// drawn returns models of purchases and of money of the normal distribution of
// the logarithms of the parameters; each is the one saved where the data did not
// identify it.
func (s *Saved) drawn(seed uint64) ([]Process, []*Money) {
	models, moneys := make([]Process, mostModels), make([]*Money, mostModels)
	family := s.Model.family()
	each := normalDraws(seed, parameters(s.Model), allLogs(len(family.names)), s.Covariance)
	point := s.money()
	var eachMoney func(int) []float64
	switch {
	case s.Gamma != nil:
		eachMoney = normalDraws(seed+1, []float64{s.Gamma.P, s.Gamma.Q, s.Gamma.V}, allLogs(3), s.MoneyCovariance)
	case s.Normal != nil:
		eachMoney = normalDraws(seed+1, []float64{s.Normal.Mu, s.Normal.Tau, s.Normal.Sigma}, []bool{false, true, true}, s.MoneyCovariance)
	}
	for i := range models {
		models[i] = family.make(each(i), family.unit)
		moneys[i] = &point
		switch {
		case s.Gamma != nil:
			v := eachMoney(i)
			moneys[i] = point.with(GammaGamma{P: v[0], Q: v[1], V: v[2]})
		case s.Normal != nil:
			v := eachMoney(i)
			moneys[i] = &Money{Normal: &Fit[NormalNormal]{Model: NormalNormal{Mu: v[0], Tau: v[1], Sigma: v[2]}}, Mean: s.Mean}
		}
	}
	return models, moneys
}

func allLogs(n int) []bool {
	logs := make([]bool, n)
	for i := range logs {
		logs[i] = true
	}
	return logs
}

// normalDraws returns what draws parameters i = 0, 1 … of the normal distribution
// of that covariance, positive ones in their logarithms.
func normalDraws(seed uint64, values []float64, logs []bool, covariance [][]float64) func(i int) []float64 {
	x, scaled := make([]float64, len(values)), make([][]float64, len(values))
	ok := len(covariance) == len(values)
	for i, v := range values {
		if x[i] = v; logs[i] {
			x[i] = math.Log(v)
		}
		scaled[i] = make([]float64, len(values))
		for j := range values {
			if !ok || len(covariance[i]) != len(values) {
				ok = false
				break
			}
			scaled[i][j] = covariance[i][j]
			if logs[i] {
				scaled[i][j] /= v
			}
			if logs[j] {
				scaled[i][j] /= values[j]
			}
		}
	}
	var root [][]float64
	if ok {
		root, ok = cholesky(scaled)
	}
	return func(i int) []float64 {
		if !ok {
			return values
		}
		moved := jitter(rand.New(rand.NewPCG(seed, uint64(i))), x, root)
		for k, v := range moved {
			if logs[k] {
				moved[k] = min(max(math.Exp(v), leastParameter), mostParameter)
			}
		}
		return moved
	}
}

// parameters returns those of a model, in the order of its family's names.
func parameters(m Process) []float64 {
	switch m := m.(type) {
	case NBD:
		return []float64{m.R, m.Alpha}
	case BGNBD:
		return []float64{m.R, m.Alpha, m.A, m.B}
	case MBGNBD:
		return []float64{m.R, m.Alpha, m.A, m.B}
	case ParetoNBD:
		return []float64{m.R, m.Alpha, m.S, m.Beta}
	}
	return nil
}

// file is a Saved as it is written.
type file struct {
	Model         string             `json:"model"`
	Unit          float64            `json:"unit_days"`
	Parameters    map[string]float64 `json:"parameters"`
	Covariance    [][]number         `json:"covariance,omitempty"` // its lower triangle
	LogLikelihood number             `json:"log_likelihood"`
	Money         *moneyFile         `json:"money,omitempty"`
	Mean          number             `json:"mean_value"`
	Basis         Basis              `json:"basis"`
	Currency      string             `json:"currency,omitempty"`
	AsOf          string             `json:"as_of"`
	Customers     float64            `json:"customers"`
	Fingerprint   string             `json:"fingerprint"`
}

type moneyFile struct {
	Model      string             `json:"model"`
	Parameters map[string]float64 `json:"parameters"`
	Covariance [][]number         `json:"covariance,omitempty"`
}

// number is a float that may be none: NaN and ±Inf are null.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if v := float64(n); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return json.Marshal(v)
	}
	return []byte("null"), nil
}

func (n *number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = number(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(n))
}

const gammaGammaName, normalNormalName = "gamma-gamma", "normal-normal"

// MarshalJSON writes s. What is NaN or infinite is null; of a covariance, which
// is symmetric, the rows are written up to the diagonal, to six digits.
func (s *Saved) MarshalJSON() ([]byte, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	family := s.Model.family()
	f := file{
		Model: s.Model.Name(), Unit: cmp.Or(float64(family.unit), 1), Parameters: named(family.names, parameters(s.Model)),
		Covariance: lower(s.Covariance), LogLikelihood: number(s.LogLikelihood), Mean: number(s.Mean), Basis: s.Basis,
		Currency: s.Currency, AsOf: s.AsOf.String(), Customers: s.Customers, Fingerprint: s.Fingerprint,
	}
	switch {
	case s.Gamma != nil:
		f.Money = &moneyFile{gammaGammaName, named(gammaGammaNames, []float64{s.Gamma.P, s.Gamma.Q, s.Gamma.V}), lower(s.MoneyCovariance)}
	case s.Normal != nil:
		f.Money = &moneyFile{normalNormalName, named(normalNames, []float64{s.Normal.Mu, s.Normal.Tau, s.Normal.Sigma}), lower(s.MoneyCovariance)}
	}
	return json.Marshal(f)
}

// UnmarshalJSON reads what MarshalJSON writes. It returns [orders.ErrOptions]
// (wrapped), naming what is wrong, for a model that is none.
func (s *Saved) UnmarshalJSON(b []byte) error {
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	day, err := orders.ParseDate(f.AsOf)
	if err != nil {
		return err
	}
	r := Saved{
		Covariance: square(f.Covariance), LogLikelihood: float64(f.LogLikelihood), Mean: float64(f.Mean), Basis: f.Basis,
		Currency: f.Currency, AsOf: day, Customers: f.Customers, Fingerprint: f.Fingerprint,
	}
	if r.Model = modelNamed(f.Model); r.Model == nil {
		return fmt.Errorf("ltv: %w: model = %q", orders.ErrOptions, f.Model)
	}
	family := r.Model.family()
	r.Model = family.make(listed(family.names, f.Parameters), Unit(f.Unit))
	if m := f.Money; m != nil {
		r.MoneyCovariance = square(m.Covariance)
		switch m.Model {
		case gammaGammaName:
			v := listed(gammaGammaNames, m.Parameters)
			r.Gamma = &GammaGamma{P: v[0], Q: v[1], V: v[2]}
		case normalNormalName:
			v := listed(normalNames, m.Parameters)
			r.Normal = &NormalNormal{Mu: v[0], Tau: v[1], Sigma: v[2]}
		default:
			return fmt.Errorf("ltv: %w: money.model = %q", orders.ErrOptions, m.Model)
		}
	}
	if err := r.Check(); err != nil {
		return err
	}
	*s = r
	return nil
}

// UnmarshalText reads what [Basis.String] returns.
func (b *Basis) UnmarshalText(text []byte) error {
	switch string(text) {
	case ByProfit.String():
		*b = ByProfit
	case ByRevenue.String():
		*b = ByRevenue
	default:
		return fmt.Errorf("ltv: %w: basis = %q", orders.ErrOptions, text)
	}
	return nil
}

// modelNamed returns the model of a name, without parameters; nil if there is none.
func modelNamed(name string) Process {
	for _, m := range []Process{NBD{}, BGNBD{}, MBGNBD{}, ParetoNBD{}} {
		if m.Name() == name {
			return m
		}
	}
	return nil
}

func named(names []string, values []float64) map[string]float64 {
	m := make(map[string]float64, len(names))
	for i, name := range names {
		m[name] = values[i]
	}
	return m
}

func listed(names []string, values map[string]float64) []float64 {
	v := make([]float64, len(names))
	for i, name := range names {
		v[i] = values[name]
	}
	return v
}

// lower returns the rows of a symmetric matrix up to the diagonal, to six digits.
func lower(m [][]float64) [][]number {
	var rows [][]number
	for i, row := range m {
		var r []number
		for _, v := range row[:i+1] {
			r = append(r, number(rounded(v)))
		}
		rows = append(rows, r)
	}
	return rows
}

// rounded returns v to six digits.
func rounded(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	scale := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(v))))
	if math.IsInf(scale, 0) || scale == 0 {
		return v
	}
	return math.Round(v*scale) / scale
}

// square returns the symmetric matrix of a lower triangle; nil if it is none.
func square(rows [][]number) [][]float64 {
	m := make([][]float64, len(rows))
	for i, row := range rows {
		if len(row) != i+1 {
			return nil
		}
		m[i] = make([]float64, len(rows))
		for j, v := range row {
			m[i][j] = float64(v)
			m[j][i] = float64(v)
		}
	}
	if len(m) == 0 {
		return nil
	}
	return m
}
