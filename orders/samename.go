package orders

import (
	"fmt"
	"strings"

	"github.com/repeatsales/repeatsales/internal/cell"
	"github.com/repeatsales/repeatsales/internal/delimited"
)

// fill counts for each of some columns the rows of the sample in which it holds something.
func (d *detector) fill(columns []int) map[int]int {
	filled := map[int]int{}
	for row := range d.sample {
		if row.Fault != delimited.NoFault || row.Row > 0 && row.Row <= d.headerEnd() {
			continue
		}
		for _, i := range columns {
			if i < len(row.Cells) && len(cell.Trim(row.Cells[i])) > 0 {
				filled[i]++
			}
		}
	}
	return filled
}

// onlyFilled returns the one of several columns of a name that holds anything,
// −1 if that are several or none, and what they hold.
func (d *detector) onlyFilled(columns []int) (column int, evidence string) {
	filled := d.fill(columns)
	var list strings.Builder
	column = -1
	some := 0
	for k, i := range columns {
		if filled[i] > 0 {
			column = i
			some++
		}
		if k > 0 {
			list.WriteString(", ")
		}
		fmt.Fprintf(&list, "column %d holds something in %d rows", i+1, filled[i])
	}
	if some != 1 {
		return -1, list.String()
	}
	return column, "of several columns of that name it alone holds anything"
}

// fullest returns the one of the columns called like the given one that holds
// something in the most rows, and says so if there was a choice; if there is no
// telling, it is the given one, with a warning.
func (d *detector) fullest(column int, list []meaning) (best int, evidence string) {
	best = column
	same, equal := 0, 0
	for _, m := range list {
		if d.header.keys[m.column] != d.header.keys[column] {
			continue
		}
		same++
		switch {
		case m.column == best, d.filled[m.column] == d.filled[best]:
			equal++
		case d.filled[m.column] > d.filled[best]:
			best, equal = m.column, 1
		}
	}
	switch {
	case equal > 1 && d.filled[best] > 0:
		evidence = fmt.Sprintf("; %d columns of that name hold something in %d rows each", equal, d.filled[best])
		d.warn("same_name", "%s, column %d (%s): %d columns of that name hold something in as many rows; this one is read", d.File, best+1, d.header.names[best], equal)
	case same > 1:
		evidence = fmt.Sprintf("; of %d columns of that name it holds something most often, in %d rows", same, d.filled[best])
	}
	return best, evidence
}

// countEmpty counts the columns behind the last one that has a name or holds
// anything: a delimiter at the end of every line makes one.
func (d *detector) countEmpty() {
	last := len(d.header.names)
	for last > 0 && d.header.names[last-1] == "" && d.filled[last-1] == 0 {
		last--
	}
	if d.EmptyColumns = max(d.widest, len(d.header.names)) - last; d.long {
		d.EmptyColumns = 0 // some row holds something there
	}
}
