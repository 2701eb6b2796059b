// Package numeric holds the numerical kernels under the models of purchases:
// functions of the gamma family that keep their digits where the textbook's
// cancel, integrals of positive integrands of any scale, and a minimiser.
//
// Every function is pure and safe for concurrent use. Arguments outside a
// documented domain give NaN.
package numeric
