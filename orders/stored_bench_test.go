package orders_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/repeatsales/repeatsales/internal/orderstest"
	"github.com/repeatsales/repeatsales/orders"
)

// BenchmarkStored measures how a History goes to a file and comes back.
func BenchmarkStored(b *testing.B) {
	for _, n := range orderstest.Sizes() {
		h := orderstest.Open(b, n)
		file := ipcOf(b, h)
		b.Run(fmt.Sprintf("write/%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				if err := h.WriteIPC(b.Context(), io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("read/%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				again, err := orders.Read(b.Context(), "history.arrow", bytes.NewReader(file), orders.Options{})
				if err != nil {
					b.Fatal(err)
				}
				again.Release()
			}
		})
		b.Run(fmt.Sprintf("join/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				again, err := orders.Join(b.Context(), orders.Options{}, h)
				if err != nil {
					b.Fatal(err)
				}
				again.Release()
			}
		})
	}
}
