// Package factstest holds what keeps the implementations of [orders.Facts]
// honest: a second implementation written from the definitions alone, a
// generator of small nasty histories, and a battery that compares any two
// implementations fact by fact.
//
// [Open] is slow and plain on purpose: every query walks over every line, in
// maps and sorts, so that it can be checked against the definitions by reading.
package factstest
