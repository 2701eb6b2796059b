package orders

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestAmbiguous: where nothing tells how a column is meant, the error shows
// the evidence, and a mapping that says it resolves it.
func TestAmbiguous(t *testing.T) {
	const dates = "date,customer,amount\n03/04/2024,A,1.5\n03/04/2024,A,1.5\n05/06/2024,B,2.5\n"
	const numbers = "date,customer,amount\n2024-01-05,A,\"1,234\"\n2024-01-06,B,\"2,500\"\n"
	columns := func(format func(role Role, c *MappedColumn)) *Mapping {
		var m Mapping
		for _, role := range []Role{RoleDate, RoleCustomer, RoleRevenue} {
			c := MappedColumn{Header: map[Role]string{RoleDate: "date", RoleCustomer: "customer", RoleRevenue: "amount"}[role], Role: role}
			format(role, &c)
			m.Columns = append(m.Columns, c)
		}
		return &m
	}
	for _, c := range []struct {
		name, in string
		want     AmbiguityError
		text     string
		set      func(c *MappedColumn, value string)
		answers  map[string]string // what the mapping says → the first row as it is read then
	}{
		{"day and month", dates,
			AmbiguityError{Column: 1, Header: "date", Role: RoleDate, First: "dd/mm/yyyy", Second: "mm/dd/yyyy", Cells: 3, Examples: []string{"03/04/2024", "05/06/2024"}},
			`orders: the export can be read in two ways: f.csv: column 1 (date): ["03/04/2024" "05/06/2024"] could be read dd/mm/yyyy or mm/dd/yyyy, for in all 3 cells looked at no day is above 12; say which it is with Dates in Options.Mapping (in the programs: -map FILE)`,
			func(c *MappedColumn, v string) { c.Dates = v },
			map[string]string{"dd/mm/yyyy": "2024-04-03 customer=A revenue=1.5", "mm/dd/yyyy": "2024-03-04 customer=A revenue=1.5"}},
		{"thousands or decimals", numbers,
			AmbiguityError{Column: 3, Header: "amount", Role: RoleRevenue, First: ",", Second: ".", Cells: 2, Examples: []string{"1,234", "2,500"}},
			`orders: the export can be read in two ways: f.csv: column 3 (amount): ["1,234" "2,500"] could be read with the decimal mark "," or with ".", for in all 2 cells looked at each mark is followed by three digits; say which it is with Decimal in Options.Mapping (in the programs: -map FILE)`,
			func(c *MappedColumn, v string) { c.Decimal = v },
			map[string]string{",": "2024-01-05 customer=A revenue=1.234", ".": "2024-01-05 customer=A revenue=1234"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := transcribe(c.in, Options{})
			var got *AmbiguityError
			if !errors.As(err, &got) || !errors.Is(err, ErrAmbiguous) {
				t.Fatalf("read without asking: %v", err)
			}
			c.want.File = "f.csv"
			if examples := got.Examples; !slices.Equal(examples, c.want.Examples) {
				t.Errorf("examples %q", examples)
			}
			if err.Error() != c.text {
				t.Errorf("it says %s", err)
			}
			got.Examples, c.want.Examples = nil, nil
			if got.File != c.want.File || got.Column != c.want.Column || got.Header != c.want.Header || got.Role != c.want.Role ||
				got.First != c.want.First || got.Second != c.want.Second || got.Cells != c.want.Cells {
				t.Errorf("%+v, want %+v", *got, c.want)
			}
			for answer, want := range c.answers {
				m := columns(func(role Role, column *MappedColumn) {
					if role == c.want.Role {
						c.set(column, answer)
					}
				})
				read, err := transcribe(c.in, Options{Mapping: m})
				if first, _, _ := strings.Cut(read.String(), "\n"); err != nil || first != want {
					t.Errorf("as %s it is read %s (%v), want %s", answer, first, err, want)
				}
			}
		})
	}
}

// TestTold: what the file itself tells is no doubt.
func TestTold(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"dots are days first", "date,customer,amount\n03.04.2024,A,1.5\n", "2024-04-03 customer=A revenue=1.5\n"},
		{"the other dates tell", "order date,customer,amount,customer since\n03/04/2024,A,1.5,02/13/2020\n", "2024-03-04 customer=A revenue=1.5 since=2020-02-13\n"},
		{"the other numbers tell", "date,customer,amount,cost\n2024-01-05,A,\"1,234\",\"1,5\"\n", "2024-01-05 customer=A revenue=1.234 cogs=1.5\n"},
		{"one cell tells", "date,customer,amount\n2024-01-05,A,\"1,234\"\n2024-01-05,A,\"1,234.50\"\n", "2024-01-05 customer=A revenue=1234\n2024-01-05 customer=A revenue=1234.5\n"},
		{"repeated marks tell", "date,customer,amount\n2024-01-05,A,\"1,234\"\n2024-01-05,A,\"12,34,567\"\n", "2024-01-05 customer=A revenue=1234\n2024-01-05 customer=A revenue=1234567\n"},
		{"plain thousands tell", "date,customer,amount\n2024-01-05,A,\"1,234\"\n2024-01-05,A,5000\n", "2024-01-05 customer=A revenue=1.234\n2024-01-05 customer=A revenue=5000\n"},
		{"a semicolon tells, and it is said", "date;customer;amount\n2024-01-05;A;1,234\n", "warn numbers_guessed\n2024-01-05 customer=A revenue=1.234\n"},
		{"a comma tells, and it is said", "date,customer,amount\n2024-01-05,A,1.234\n", "warn numbers_guessed\n2024-01-05 customer=A revenue=1.234\n"},
		{"a country tells, and it is said", "Дата,Клиент,Сумма\n03/04/2024,A,1.5\n", "warn date_order_guessed\n2024-04-03 customer=A revenue=1.5\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := transcribe(c.in, Options{}); err != nil || got.String() != c.want {
				t.Errorf("read\n%serror %v, want\n%s", got, err, c.want)
			}
		})
	}
	for _, in := range []string{"date;customer;amount\n2024-01-05;A;1.234\n", "date\tcustomer\tamount\n2024-01-05\tA\t1,234\n"} {
		if _, err := transcribe(in, Options{}); !errors.Is(err, ErrAmbiguous) {
			t.Errorf("%q is read: %v", in, err)
		}
	}
}

// TestDetectAmbiguous: what was found comes with the error, and says the doubt.
func TestDetectAmbiguous(t *testing.T) {
	path := t.TempDir() + "/f.csv"
	if err := os.WriteFile(path, []byte("date,customer,amount\n03/04/2024,A,1.5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Detect(context.Background(), path, Options{})
	if !errors.Is(err, ErrAmbiguous) || d == nil {
		t.Fatalf("detected %v, %v", d, err)
	}
	if c, _ := d.Column(RoleDate); c.Dates != "" || !strings.Contains(c.Evidence, "dd/mm/yyyy or mm/dd/yyyy") {
		t.Errorf("the date column is %+v", c)
	}
	if c, _ := d.Column(RoleRevenue); c.Decimal != "." {
		t.Errorf("the amount is %+v", c)
	}
}
