//go:build xlsxwriter

package main

// #cgo LDFLAGS: -lxlsxwriter
// #include <stdlib.h>
// const char *write_list(const char *path, int rows, int constant);
import "C"

import (
	"errors"
	"unsafe"
)

// peerSheet writes the list of n customers by libxlsxwriter.
func peerSheet(path string, n int, constant bool) error {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	mode := C.int(0)
	if constant {
		mode = 1
	}
	if message := C.write_list(name, C.int(n), mode); message != nil {
		return errors.New("libxlsxwriter: " + C.GoString(message))
	}
	return nil
}
