package orders

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// TestGuessesAreNotSilent: where detection could as well have decided otherwise,
// a warning says so, the column does, or it is an error.
func TestGuessesAreNotSilent(t *testing.T) {
	koi, err := charmap.Windows1251.NewEncoder().String("date,customer,revenue\n2024-01-31,шт,1.5\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, in, want string }{
		{"delimiter", "date,customer;order,revenue\n2024-01-31,a;1,5\n2024-01-31,b;2,5\n", `warning: f.csv: with the delimiter`},
		{"encoding", koi, "warning: f.csv: its letters could be koi8-r nearly as well as windows-1251, which is taken"},
		{"two sums", "date,customer,revenue,total\n2024-01-31,a,1.5,1.8\n", `could also be ["total"]`},
		{"two dates", "date,created at,customer,revenue\n2024-01-31,2024-01-30,a,1.5\n", `could also be ["created at"]`},
		{"decimal marks of both kinds", "date;customer;revenue\n2024-01-31;a;1,55\n2024-01-31;a;1,5\n2024-01-31;a;2.75\n", "warning: f.csv, column 3 (revenue): 2 numbers have a decimal comma and 1 a decimal dot"},
		{"what is not won", "date,customer,revenue,stage\n2024-01-31,a,1.5,Won\n2024-01-31,a,1.5,Demo\n", "only what is won counts: of 2 rows 1 are, 0 are lost, 1 still open"},
		{"thousands", "date,customer,\"revenue, thousands\"\n2024-01-31,a,1.5\n", "warning: f.csv, column 3 (revenue, thousands): the header speaks of thousands or millions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := detectText(t, c.in, Options{}).String(); !strings.Contains(got, c.want) {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
	for _, c := range []struct{ name, in, first, second string }{
		{"1,234", "date,customer,revenue\n2024-01-31,a,\"1,234\"\n2024-01-31,b,\"5,678\"\n", ".", ","},
		{"03/04/2024", "date,customer,revenue\n03/04/2024,a,1.5\n05/06/2024,b,2.5\n", "dd/mm/yyyy", "mm/dd/yyyy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := transcribe(c.in, Options{})
			e, ok := errors.AsType[*AmbiguityError](err)
			if !ok || e.First != c.first && e.First != c.second || e.Second != c.first && e.Second != c.second || len(e.Examples) == 0 {
				t.Fatalf("error %v, want one that shows %s against %s", err, c.first, c.second)
			}
		})
	}
	if d := detectText(t, "date,customer,revenue\n03.04.2024,a,1.5\n05.06.2024,b,2.5\n", Options{}); d.Columns[0].Dates != "dd.mm.yyyy" {
		t.Errorf("03.04.2024 is read as %s", d.Columns[0].Dates) // nobody writes the month first with dots
	}
}

// TestAmbiguityIsResolved: what the error asks for in a mapping is what it takes.
func TestAmbiguityIsResolved(t *testing.T) {
	const text = "date,customer,revenue\n03/04/2024,a,\"1,234\"\n05/06/2024,b,\"5,678\"\n"
	for _, c := range []struct{ dates, decimal, want string }{
		{"dd/mm/yyyy", ",", "2024-04-03 customer=a revenue=1.234\n2024-06-05 customer=b revenue=5.678\n"},
		{"mm/dd/yyyy", ".", "2024-03-04 customer=a revenue=1234\n2024-05-06 customer=b revenue=5678\n"},
	} {
		m := Mapping{Columns: []MappedColumn{{Header: "date", Role: RoleDate, Dates: c.dates}, {Header: "customer", Role: RoleCustomer}, {Header: "revenue", Role: RoleRevenue, Decimal: c.decimal}}}
		got, err := transcribe(text, Options{Mapping: &m})
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != c.want {
			t.Errorf("%s, %s: got\n%s\nwant\n%s", c.dates, c.decimal, got, c.want)
		}
	}
}
