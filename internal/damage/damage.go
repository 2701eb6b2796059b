// Package damage spoils files for the tests of what reads them.
package damage

import (
	"bytes"
	"encoding/binary"
)

// Do returns file with damage done to it, for a fuzzer to choose: every four
// bytes of how say where something is changed and to what.
func Do(file, how []byte) []byte {
	damaged := bytes.Clone(file)
	for ; len(how) >= 4 && len(damaged) > 0; how = how[4:] {
		at, value := int(binary.LittleEndian.Uint16(how))%len(damaged), how[3]
		switch how[2] % 8 {
		case 0: // the file ends here
			damaged = damaged[:at]
		case 1: // a length or an offset that is far too large
			for i := at; i < min(at+4, len(damaged)); i++ {
				damaged[i] = value
			}
		case 2: // a small one
			for i := at; i < min(at+8, len(damaged)); i++ {
				damaged[i] = 0
			}
			if at < len(damaged) {
				damaged[at] = value
			}
		case 3:
			damaged[at] = value
		default:
			damaged[at] ^= 1 << (value % 8)
		}
	}
	return damaged
}
