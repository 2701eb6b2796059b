package ltv

import (
	"cmp"
	"math"
	"slices"
)

// sketch is a distribution known by drawn values, none of them 0, each of its
// weight, and 0 with the rest of the probability.
type sketch struct {
	values []weighed
	draws  float64 // how many, zeros included
	sorted bool    // values are ascending
	even   bool    // all weights are equal
}

type weighed struct{ value, weight float64 }

// interval returns the range that holds the probability level: the central one,
// or, where an end of that is a 0 with a probability of its own, the one that begins or ends
// there. Ranks are counted so that a further draw is in it with that probability.
func (s *sketch) interval(level float64) (low, high float64) {
	var below, above float64 // probabilities of being less and more than 0
	for _, v := range s.values {
		if v.value < 0 {
			below += v.weight
		} else {
			above += v.weight
		}
	}
	at := func(share float64, up bool) float64 {
		switch {
		case share <= below && below > 0:
			return s.quantile(share, up)
		case share <= 1-above || above == 0:
			return 0
		}
		return s.quantile(share-(1-above-below), up)
	}
	tail := (1 - level) / 2
	low, high = at(tail, false), at(1-tail, true)
	switch {
	case low == 0 && high != 0:
		high = at(min(1, below+level), true)
	case high == 0 && low != 0:
		low = at(max(0, 1-above-level), false)
	}
	return low, high
}

// quantile returns the value up to which the weights add up to the share: the
// next one above if up is set, else the last one below.
func (s *sketch) quantile(share float64, up bool) float64 {
	share *= (s.draws + 1) / s.draws
	last := len(s.values) - 1
	if s.even {
		k := share / s.values[0].weight
		if up {
			k = math.Ceil(k - 1e-9)
		} else {
			k = math.Floor(k + 1e-9)
		}
		return s.nth(int(min(max(k-1, 0), float64(last))))
	}
	s.sort()
	sum := 0.0
	for k, v := range s.values {
		sum += v.weight
		switch {
		case sum >= share-1e-12 && up:
			return v.value
		case sum > share+1e-12:
			return s.values[max(k-1, 0)].value
		}
	}
	return s.values[last].value
}

func (s *sketch) sort() {
	if !s.sorted {
		slices.SortFunc(s.values, func(a, b weighed) int { return cmp.Compare(a.value, b.value) })
		s.sorted = true
	}
}

// nth returns the value that would be at index k if values were sorted, which
// it sorts in part.
// Source: C. A. R. Hoare, Algorithm 65: FIND (1961).
func (s *sketch) nth(k int) float64 {
	if s.sorted {
		return s.values[k].value
	}
	values := s.values
	for low, high := 0, len(values)-1; low < high; {
		pivot := values[(low+high)/2].value
		i, j := low, high
		for i <= j {
			for values[i].value < pivot {
				i++
			}
			for values[j].value > pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return values[k].value
		}
	}
	return values[k].value
}
