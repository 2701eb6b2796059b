package segments

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// CallOptions says what is at stake with each customer and how many calls a
// salesperson can make.
type CallOptions struct {
	// Worth is the money at stake with each customer, by id, such as the expected
	// profit that a model of package ltv gives. Who is not in it has an unknown
	// worth and comes last. Nil: the mean of one purchase, which is what the next
	// one is likely to bring.
	Worth map[string]orders.Amount

	// Stake is what Worth is. Of nil it chooses: AverageProfit and AverageRevenue
	// are taken from the customers' purchases, and the zero Stake is AverageProfit
	// if that of any customer is known, else AverageRevenue.
	Stake Stake

	HorizonDays int // of an expected worth, for the reader of the list; 0: not said

	PerSalesperson       int // most calls a salesperson gets; 0: no limit
	LapsedPerSalesperson int // the same for customers who have lapsed; 0: no limit
}

// Stake says what the worth of a customer is.
type Stake uint8

// The stakes.
const (
	ExpectedProfit Stake = iota
	ExpectedRevenue
	AverageProfit  // of one purchase
	AverageRevenue // of one purchase
)

var stakeNames = [...]string{"expected_profit", "expected_revenue", "average_profit", "average_revenue"}

// String returns "expected_profit", "expected_revenue", "average_profit" or
// "average_revenue".
func (s Stake) String() string {
	if int(s) < len(stakeNames) {
		return stakeNames[s]
	}
	return fmt.Sprintf("Stake(%d)", uint8(s))
}

// MarshalText writes s as [Stake.String] does.
func (s Stake) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// CallList is whom to call on a day. Every customer of Lapse is called, held
// back by a limit, on time, or without a rhythm: the counts add up.
type CallList struct {
	Lapse   *LapseResult // whom it is chosen from
	Options CallOptions  // Stake as resolved; Worth is left out, for it stands in the calls

	// Calls are the customers who are due, late or at risk, Lapsed those who have
	// lapsed: both descending by worth, an unknown one last, ties by id.
	Calls, Lapsed []Call

	Salespersons []CallSums // ascending by name; "" has the customers without one
	Total        CallSums
}

// Call is one customer to call.
type Call struct {
	LapseCustomer
	Worth orders.NullAmount
	Place int // among the calls of the same list and salesperson, from 1
}

// CallSums are the customers of one salesperson, or of all.
type CallSums struct {
	Salesperson string
	Customers   int64           // with a purchase
	Statuses    [statuses]int64 // of them, by [Status]

	Calls, Lapsed CallCount
}

// CallCount counts one list.
type CallCount struct {
	Listed, Held     int64 // on the list; beyond the limit
	Worth, HeldWorth orders.Amount
	Unknown          int64 // of both, whose worth is unknown
}

// Calls returns whom to call as of the day of l: those who are due, late or at
// risk, the most worth first. Those who have lapsed are a list of their own,
// sorted alike: most of them are gone for good, every month adds to them, and
// among the others they would drown whom a call still keeps.
//
// Each list has at most so many calls for a salesperson as its limit says;
// whoever is beyond it is counted as held. Lists without anybody are empty.
//
// It returns [orders.ErrOptions] (wrapped) for an unknown Stake, an expected one
// without Worth, and a negative limit or horizon, and [orders.ErrRange] (wrapped)
// for a sum of worths beyond an Amount.
func (l *LapseResult) Calls(o CallOptions) (*CallList, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	worth := o.worth(l)
	list := &CallList{Lapse: l, Options: o}
	list.Options.Worth = nil
	list.Options.Stake = o.stake(l)
	sums := map[string]*CallSums{}
	for i := range l.Judged {
		c := &l.Judged[i]
		s := sums[c.Owner]
		if s == nil {
			s = &CallSums{Salesperson: c.Owner}
			sums[c.Owner] = s
		}
		for _, s := range []*CallSums{s, &list.Total} {
			s.Customers++
			s.Statuses[c.Status]++
		}
		switch call := (Call{LapseCustomer: *c, Worth: worth(c)}); {
		case c.Status == Lapsed:
			list.Lapsed = append(list.Lapsed, call)
		case c.Status >= Due:
			list.Calls = append(list.Calls, call)
		}
	}
	var err1, err2 error
	list.Calls, err1 = choose(list.Calls, o.PerSalesperson, &list.Total.Calls, func(name string) *CallCount { return &sums[name].Calls })
	list.Lapsed, err2 = choose(list.Lapsed, o.LapsedPerSalesperson, &list.Total.Lapsed, func(name string) *CallCount { return &sums[name].Lapsed })
	if err := cmp.Or(err1, err2); err != nil {
		return nil, err
	}
	list.Salespersons = sortedValues(sums, func(a, b CallSums) int { return strings.Compare(a.Salesperson, b.Salesperson) })
	return list, nil
}

func (o CallOptions) check() error {
	switch {
	case o.Stake > AverageRevenue:
		return fmt.Errorf("segments: %w: Stake = %d", orders.ErrOptions, o.Stake)
	case o.Stake == ExpectedRevenue && o.Worth == nil:
		return fmt.Errorf("segments: %w: Stake = %s: what is expected is given as Worth", orders.ErrOptions, o.Stake)
	case o.HorizonDays < 0:
		return fmt.Errorf("segments: %w: HorizonDays = %d", orders.ErrOptions, o.HorizonDays)
	case o.PerSalesperson < 0:
		return fmt.Errorf("segments: %w: PerSalesperson = %d", orders.ErrOptions, o.PerSalesperson)
	case o.LapsedPerSalesperson < 0:
		return fmt.Errorf("segments: %w: LapsedPerSalesperson = %d", orders.ErrOptions, o.LapsedPerSalesperson)
	}
	return nil
}

// stake returns what the worths of l's customers are.
func (o CallOptions) stake(l *LapseResult) Stake {
	switch {
	case o.Worth != nil || o.Stake != ExpectedProfit:
		return o.Stake
	case slices.ContainsFunc(l.Judged, func(c LapseCustomer) bool { return c.AverageProfit.Known }):
		return AverageProfit
	}
	return AverageRevenue
}

// worth returns the function of a customer's worth.
func (o CallOptions) worth(l *LapseResult) func(*LapseCustomer) orders.NullAmount {
	switch stake := o.stake(l); {
	case o.Worth != nil:
		return func(c *LapseCustomer) orders.NullAmount {
			v, ok := o.Worth[c.ID]
			return orders.NullAmount{Amount: v, Known: ok}
		}
	case stake == AverageProfit:
		return func(c *LapseCustomer) orders.NullAmount { return c.AverageProfit }
	}
	return func(c *LapseCustomer) orders.NullAmount { return c.AverageRevenue }
}

// choose sorts calls, which ascend by id, keeps of each salesperson's the first
// so many (0: all), and counts them.
func choose(calls []Call, limit int, total *CallCount, of func(salesperson string) *CallCount) ([]Call, error) {
	slices.SortStableFunc(calls, func(a, b Call) int {
		if a.Worth.Known != b.Worth.Known {
			if a.Worth.Known {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.Worth.Amount, a.Worth.Amount)
	})
	kept := calls[:0]
	for _, c := range calls {
		s := of(c.Owner)
		listed := limit == 0 || s.Listed < int64(limit)
		if err := cmp.Or(s.count(c.Worth, listed), total.count(c.Worth, listed)); err != nil {
			return nil, err
		}
		if listed {
			c.Place = int(s.Listed)
			kept = append(kept, c)
		}
	}
	clear(calls[len(kept):]) // the texts of those held back
	return slices.Clip(kept), nil
}

// count adds a call.
func (n *CallCount) count(worth orders.NullAmount, listed bool) error {
	if !worth.Known {
		n.Unknown++
	}
	count, sum := &n.Held, &n.HeldWorth
	if listed {
		count, sum = &n.Listed, &n.Worth
	}
	*count++
	if v := worth.Amount; v > 0 && *sum > math.MaxInt64-v || v < 0 && *sum < math.MinInt64-v {
		return fmt.Errorf("segments: sum of worths: %w", orders.ErrRange)
	}
	*sum += worth.Amount // 0 if it is unknown
	return nil
}
