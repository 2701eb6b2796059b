package numeric

import "math"

// order is the number of nodes of a panel. Doubling the panels where a panel
// and its two halves disagree makes any order right; this one makes most
// integrands of the models a single panel.
const order = 16

var nodes, weights = legendre16()

func legendre16() (x, w [order]float64) {
	xs, ws := Legendre(order)
	return [order]float64(xs), [order]float64(ws)
}

// Legendre returns the nodes, ascending in −1…1, and weights of Gauss–Legendre
// quadrature of n points. Source: Abramowitz & Stegun 25.4.29.
func Legendre(n int) (x, w []float64) {
	x, w = make([]float64, n), make([]float64, n)
	for i := range (n + 1) / 2 {
		z := math.Cos(math.Pi * (float64(i) + 0.75) / (float64(n) + 0.5))
		slope := 0.0
		for range 100 {
			p, before := 1.0, 0.0
			for j := range n {
				k := float64(j)
				p, before = ((2*k+1)*z*p-k*before)/(k+1), p
			}
			slope = float64(n) * (z*p - before) / (z*z - 1)
			step := p / slope
			z -= step
			if math.Abs(step) < 1e-16 {
				break
			}
		}
		x[i], x[n-1-i] = -z, z
		w[i] = 2 / ((1 - z*z) * slope * slope)
		w[n-1-i] = w[i]
	}
	return x, w
}

// precision is what a panel and its two halves may differ by, relative to the
// integral; the halves are then far more precise than that.
const precision = 1e-9

// Integral returns ∫ f over from…to of a smooth f that does not change its
// sign, to ten digits or better.
func Integral(f func(float64) float64, from, to float64) float64 {
	if from == to {
		return 0
	}
	whole := Panel(f, from, to)
	r := refiner{f: f, scale: math.Abs(whole), left: patience}
	return r.refine(from, to, whole)
}

// Panel returns the estimate of ∫ f over from…to with one panel: right to ten
// digits for what is nearly a polynomial, at a third of the price of [Integral].
func Panel(f func(float64) float64, from, to float64) float64 {
	middle, half, sum := (from+to)/2, (to-from)/2, 0.0
	for i, x := range nodes {
		sum += weights[i] * f(middle+half*x)
	}
	return sum * half
}

// patience is how many times a panel may be halved in all: where rounding is
// all that is left to see, halving would go on for ever.
const patience = 128

// refiner halves panels until they agree with their halves.
type refiner struct {
	f     func(float64) float64
	scale float64 // of the integral
	left  int
}

func (r *refiner) refine(from, to, whole float64) float64 {
	middle := (from + to) / 2
	left, right := Panel(r.f, from, middle), Panel(r.f, middle, to)
	r.scale = max(r.scale, math.Abs(left+right))
	r.left--
	if !(math.Abs(left+right-whole) > precision*r.scale) || r.left <= 0 {
		return left + right
	}
	return r.refine(from, middle, left) + r.refine(middle, to, right)
}

// drop is how far below its top, in logarithms, a log-concave integrand is
// cut: what lies beyond is less than e^−drop of the integral.
const drop = 40

// LogIntegral returns ln ∫ exp f over from…to, either of which may be
// infinite, where f rises to one top and falls (as every log-concave f does)
// and is smooth on the scale of one; near is any point at which f is finite. Neither the size of the integrand
// nor its scale matters: the top is looked for and factored out, what is e^40
// times smaller than the top is cut off, and the rest is integrated as
// [Integral] does. It returns −Inf if f is −Inf at near.
func LogIntegral(f func(float64) float64, from, to, near float64) float64 {
	near = min(max(near, from), to)
	top, height := summit(f, from, to, near)
	if math.IsInf(height, -1) || math.IsNaN(height) {
		return height
	}
	scaled := func(y float64) float64 { return math.Exp(f(y) - height) }
	sum, r := 0.0, refiner{f: scaled, left: patience}
	for _, side := range [2]struct{ sign, end float64 }{{1, cut(f, top, height, to)}, {-1, cut(f, top, height, from)}} {
		// Panels grow with the distance from the top: one long panel could hide
		// all that happens within a few units of its end between two nodes.
		for near, width := top, 8.0; near != side.end; width *= 3 {
			far := near + side.sign*width
			if side.sign*(far-side.end) > 0 {
				far = side.end
			}
			low, high := min(near, far), max(near, far)
			part := Panel(scaled, low, high)
			r.scale = max(r.scale, sum+part)
			sum += r.refine(low, high, part)
			near = far
		}
	}
	return height + math.Log(sum)
}

// summit returns where f is highest, and how high, well enough for a factor:
// within a few tenths.
func summit(f func(float64) float64, from, to, near float64) (at, height float64) {
	at, height = near, f(near)
	for _, sign := range [2]float64{1, -1} {
		end := to
		if sign < 0 {
			end = from
		}
		step := 0.5
		for at != end {
			next := at + sign*step
			if sign*(next-end) > 0 {
				next = end
			}
			v := f(next)
			if !(v > height) {
				break
			}
			at, height, step = next, v, 2*step
		}
		if step > 0.5 { // uphill this way: the top is between here and the step that failed, or behind
			break
		}
	}
	low, high := max(from, at-0.5), min(to, at+0.5)
	for width := 0.5; f(low) >= height && low > from; width *= 2 {
		low = max(from, low-width)
	}
	for width := 0.5; f(high) >= height && high < to; width *= 2 {
		high = min(to, high+width)
	}
	return climb(f, low, high, at, height)
}

// climb narrows low…high around the top by golden sections, until neither end
// lies much lower: a concave f is then not much higher anywhere between.
func climb(f func(float64) float64, low, high, at, height float64) (float64, float64) {
	const golden, near = 0.38196601125010515, 2
	atLow, atHigh := f(low), f(high)
	for range 200 {
		if min(atLow, atHigh) > height-near || high-low <= 1e-15*math.Abs(at) {
			break
		}
		next := at - golden*(at-low)
		if high-at > at-low {
			next = at + golden*(high-at)
		}
		v := f(next)
		switch {
		case v > height && next > at:
			low, atLow, at, height = at, height, next, v
		case v > height:
			high, atHigh, at, height = at, height, next, v
		case next > at:
			high, atHigh = next, v
		default:
			low, atLow = next, v
		}
	}
	return at, height
}

// cut returns the point between top and end beyond which f is more than drop
// below height: end itself if it is not.
func cut(f func(float64) float64, top, height, end float64) float64 {
	if top == end {
		return end
	}
	sign := math.Copysign(1, end-top)
	inside, step := top, 0.5
	outside := top
	for {
		outside = top + sign*step
		if sign*(outside-end) >= 0 {
			outside = end
		}
		if f(outside) < height-drop {
			break
		}
		inside = outside
		if outside == end || math.IsInf(outside, 0) {
			return outside
		}
		step *= 2
	}
	for range 200 {
		middle := inside + (outside-inside)/2
		v := f(middle) - height
		switch {
		case v < -drop-3:
			outside = middle
		case v > -drop:
			inside = middle
		default:
			return middle
		}
		if middle == inside && middle == outside {
			break
		}
	}
	return outside
}
