package orders

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOnlineRetail reads the UCI Online Retail data without any option.
// Source of the totals: the data's own description, and any spreadsheet.
func TestOnlineRetail(t *testing.T) {
	path := filepath.Join("..", "..", "shared", "data", "uci_online_retail.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the data is not there")
	}
	h, err := ReadFile(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Release()
	c, err := h.Control(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if c.RowsRead != 541_909 || c.Accepted != 541_909 || c.Rejected != 0 || len(c.Skipped) != 0 {
		t.Errorf("%d rows read, %d accepted, %d rejected, skipped %v; want all of 541,909 accepted", c.RowsRead, c.Accepted, c.Rejected, c.Skipped)
	}
	if c.Export.String() != "9747747.934" || c.RoundedCells != 0 {
		t.Errorf("the control total is %s with %d cells rounded, want 9747747.934 with none", c.Export, c.RoundedCells)
	}
	if c.FirstDay.String() != "2010-12-01" || c.LastDay.String() != "2011-12-09" {
		t.Errorf("days %s to %s, want 2010-12-01 to 2011-12-09", c.FirstDay, c.LastDay)
	}
}

// nobody is a sink that only counts.
type nobody struct{ rows, money int64 }

func (n *nobody) add(r *record) error {
	n.rows++
	n.money += int64(r.revenue)
	return nil
}
func (n *nobody) skip(Reason, Amount)            { n.rows++ }
func (n *nobody) reject(*RowError, Amount) error { n.rows++; return nil }
func (n *nobody) rounded(int64, Amount)          {}
func (n *nobody) stated(Amount)                  {}
func (n *nobody) warn(Warning)                   {}
func (n *nobody) setCurrency(string)             {}
func (n *nobody) detected(Detection)             {}
func (n *nobody) restore(stored) error           { return nil }

// BenchmarkRows measures the way from bytes to order lines, without the History.
func BenchmarkRows(b *testing.B) {
	english, russian := new(bytes.Buffer), new(bytes.Buffer)
	english.WriteString("order_id,customer_id,order_date,product,quantity,revenue,cost,salesperson\n")
	russian.WriteString("Дата;Регистратор;Контрагент;Номенклатура;Количество;Выручка;Себестоимость;Менеджер\n")
	for i := range 100_000 {
		cents := 1000 + i*7919%500_000
		fmt.Fprintf(english, "O%d,C%d,2023-%02d-%02d,Product %04d,%d,%d.%02d,%d.%02d,Sales Person %02d\n",
			10_000_000+i/2, 1_000_000+i%7000, i/3%12+1, i/3%28+1, i%2000, i%5+1, cents/100, cents%100, cents/140, cents%90, i%40)
		fmt.Fprintf(russian, "%02d.%02d.2023 10:00:00;Реализация %d;ООО Ромашка %d;Гвоздь %d;%d,000;%d\u00a0%03d,%02d;%d,%02d;Иванов %d\n",
			i/3%28+1, i/3%12+1, i/2, i%7000, i%2000, i%5+1, cents/100000+1, cents/100%1000, cents%100, cents/140, cents%90, i%40)
	}
	cyrillic := new(bytes.Buffer)
	for _, r := range russian.String() { // as windows-1251
		switch {
		case r == '\u00a0':
			cyrillic.WriteByte(0xa0)
		case r < 0x80:
			cyrillic.WriteByte(byte(r))
		default:
			cyrillic.WriteByte(byte(r - 'А' + 0xc0))
		}
	}
	for _, c := range []struct {
		name string
		text string
	}{{"english", english.String()}, {"russian", russian.String()}, {"windows-1251", cyrillic.String()}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				n := new(nobody)
				if err := newIntake(context.Background(), Options{}, n).stream("f.csv", strings.NewReader(c.text)); err != nil || n.rows != 100_000 {
					b.Fatal(n.rows, err)
				}
			}
		})
	}
}
