package main

import (
	"context"

	"github.com/apache/arrow/go/v16/arrow"
	"github.com/apache/arrow/go/v16/arrow/array"
	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
)

// few is how many of the first rows are shown.
const few = 5

// fields are the columns of orders.LineSchema that a row is shown with.
var fields = []struct {
	name string
	role orders.Role
}{
	{"date", orders.RoleDate}, {"order_id", orders.RoleOrder}, {"base_order_id", orders.RoleBase},
	{"customer", orders.RoleCustomer}, {"customer_name", orders.RoleCustomerName},
	{"product", orders.RoleProduct}, {"product_name", orders.RoleProductName}, {"product_group", orders.RoleGroup},
	{"quantity", orders.RoleQuantity}, {"revenue", orders.RoleRevenue}, {"cogs", orders.RoleCOGS}, {"direct", orders.RoleDirect},
	{"salesperson", orders.RoleSalesperson}, {"channel", orders.RoleChannel}, {"organisation", orders.RoleOrganisation},
	{"repeat_flag", orders.RoleRepeatFlag}, {"since", orders.RoleSince}, {"lead", orders.RoleLead}, {"status", orders.RoleStatus},
}

// firstRows returns the first accepted lines as they were understood, without
// the columns that none of them has anything in.
func firstRows(ctx context.Context, job *cli.Job, sales *orders.History) (cli.Table, error) {
	for record, err := range sales.Lines(ctx, memory.DefaultAllocator) {
		if err != nil {
			return cli.Table{}, err
		}
		return understood(job, record), nil
	}
	return cli.Table{}, nil
}

func understood(job *cli.Job, record arrow.Record) cli.Table {
	n := int(min(few, record.NumRows()))
	t := cli.Table{Rows: make([][]any, n)}
	names := map[string][]any{}
	for _, f := range fields {
		index := record.Schema().FieldIndices(f.name)
		values, some := make([]any, n), false
		for i := range n {
			values[i] = value(record.Column(index[0]), i)
			if a, ok := values[i].(orders.Amount); ok && f.role == orders.RoleQuantity {
				values[i] = cli.Quantity(a)
			}
			some = some || values[i] != any(cli.Blank{}) && values[i] != any(orders.Amount(0)) && values[i] != any(cli.Quantity(0))
		}
		names[f.name] = values
		if !some || f.name == "customer_name" && same(values, names["customer"]) || f.name == "product_name" && same(values, names["product"]) {
			continue
		}
		t.Columns = append(t.Columns, cli.Column{Key: f.name, Title: job.Role(f.role)})
		for i, v := range values {
			t.Rows[i] = append(t.Rows[i], v)
		}
	}
	return t
}

func same(a, b []any) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// value returns a cell as a table holds it; blank text and null are nothing.
func value(column arrow.Array, i int) any {
	if column.IsNull(i) {
		return cli.Blank{}
	}
	switch c := column.(type) {
	case *array.Decimal128:
		return orders.Amount(int64(c.Value(i).LowBits()))
	case *array.Date32:
		return orders.DateOf(c.Value(i).ToTime())
	}
	if s := column.ValueStr(i); s != "" && s != "identified" { // which nearly all are
		return s
	}
	return cli.Blank{}
}
