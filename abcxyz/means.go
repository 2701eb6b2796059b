package abcxyz

import (
	"cmp"
	"slices"
)

// steady gives the items that have a class by their CV that of [CVMeans].
func (r *Ranking) steady() {
	var judged []int
	total := 0.0
	for i := range r.Items {
		if x := r.Items[i].XYZ; x == X || x == Y || x == Z {
			judged = append(judged, i)
		}
	}
	slices.SortFunc(judged, func(a, b int) int {
		return cmp.Or(cmp.Compare(r.Items[b].CV, r.Items[a].CV), cmp.Compare(r.Items[a].ID, r.Items[b].ID))
	})
	cvs := make([]float64, len(judged))
	for k, i := range judged {
		cvs[k] = r.Items[i].CV
		total += cvs[k]
	}
	for k, class := range meanClasses(cvs) {
		r.Items[judged[k]].XYZ = class
	}
}

// meanClasses returns the classes of coefficients of variation that are
// descending: cumulative sums stand for shares, whose denominator cancels out.
func meanClasses(cvs []float64) []XYZ {
	n := len(cvs)
	classes := make([]XYZ, n)
	cums := make([]float64, n)
	cum, all := 0.0, 0.0
	for i, cv := range cvs {
		cum += cv
		cums[i] = cum
		all += cum
	}
	i, rest := 0, all
	for ; i < n && cum > 0 && cums[i]*float64(n+1) <= all; i++ {
		rest -= cums[i]
		classes[i] = Z
	}
	left := float64(n - i)
	for ; i < n; i++ {
		classes[i] = X
		if cum > 0 && cums[i]*left <= rest {
			classes[i] = Y
		}
	}
	if n > 0 {
		classes[n-1] = X
	}
	return classes
}
