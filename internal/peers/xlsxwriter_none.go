//go:build !xlsxwriter

package main

// peerSheet has nothing to write by.
func peerSheet(path string, n int, constant bool) error { return errNoPeer }
