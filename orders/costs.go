package orders

import "fmt"

// Costs says what a deal costs beyond what the export knows, as assumptions.
// The zero Costs adds nothing: the export's revenue, cost of goods and direct
// cost alone. An assumption that is given replaces what the export has; never
// are both charged.
type Costs struct {
	Revenue NullAmount // of one purchase, instead of the export's
	COGS    NullAmount // of one purchase, instead of the export's
	Direct  NullAmount // delivery and other direct cost of one purchase, instead of the export's

	Overhead     Amount // of one purchase
	OverheadPool Amount // of the whole range analysed, to be allocated by OverheadBy
	OverheadBy   Driver

	CostPerLead Amount
	Conversion  float64 // of leads into first purchases, 0…1; with CostPerLead only

	BonusFirst, BonusRepeat   Rate   // the salesperson's, per purchase
	ErrorsFirst, ErrorsRepeat Amount // cost of correcting errors, per purchase
}

// Rate is a sum of money per purchase plus a percentage of its revenue.
type Rate struct {
	Amount  Amount
	Percent Amount // 5.5 × One is 5.5 %
}

// Of returns Amount × purchases + Percent × revenue ÷ 100, rounded half away
// from zero to four places.
func (r Rate) Of(purchases int64, revenue Amount) (Amount, error) {
	fixed, _, err := r.Amount.MulDiv(purchases, 1)
	if err != nil {
		return 0, err
	}
	share, _, err := revenue.MulDiv(int64(r.Percent), 100*int64(One))
	return fixed + share, err
}

// Driver says by what an overhead pool is allocated.
type Driver uint8

// The drivers.
const (
	PerPurchase Driver = iota
	ByRevenue
	ByLines
)

// Acquisition returns the cost of winning one customer, CostPerLead ÷
// Conversion rounded half away from zero to four places; 0 without a cost per lead.
func (c Costs) Acquisition() (Amount, error) {
	if err := c.Check(); err != nil || c.CostPerLead == 0 {
		return 0, err
	}
	return amountOf(c.CostPerLead.Float64() / c.Conversion)
}

// Check returns an error (wrapping [ErrOptions]) that names the first field out of its domain.
func (c Costs) Check() error {
	switch {
	case c.CostPerLead < 0:
		return optionError("CostPerLead", c.CostPerLead)
	case c.CostPerLead > 0 && !(c.Conversion > 0 && c.Conversion <= 1):
		return fmt.Errorf("%w: Conversion = %v: a share above 0 and up to 1 is needed beside CostPerLead", ErrOptions, c.Conversion)
	case !(c.Conversion >= 0 && c.Conversion <= 1):
		return optionError("Conversion", c.Conversion)
	case c.OverheadBy > ByLines:
		return optionError("OverheadBy", c.OverheadBy)
	}
	return nil
}
