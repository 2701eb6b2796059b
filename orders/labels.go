package orders

import (
	"cmp"
	"slices"
)

// label remembers the name that an id has on its latest sale.
type label struct {
	sold bool
	day  Date
	name int32
}

// labels are the names of a dictionary's ids.
type labels struct {
	names *dict
	of    []label
}

// see notes that an id was called a name on a line: the name on its latest sale
// counts, or on its latest line if none is a sale, of several the least bytewise.
func (l *labels) see(n naming) {
	for int(n.id) >= len(l.of) {
		l.of = append(l.of, label{})
	}
	old := &l.of[n.id]
	if old.name != 0 {
		order := cmp.Or(compareBool(n.sold, old.sold), cmp.Compare(n.day, old.day))
		if order < 0 || order == 0 && (n.name == old.name || l.names.at(n.name) > l.names.at(old.name)) {
			return
		}
	}
	*old = label{n.sold, n.day, n.name}
}

// is returns the code of the name that an id has so far if that is the text; 0 if not.
func (l *labels) is(id int32, text []byte) int32 {
	if int(id) >= len(l.of) || l.of[id].name == 0 || l.names.at(l.of[id].name) != string(text) {
		return 0
	}
	return l.of[id].name
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// sorted returns the name of each id in ids, which is the id itself where no
// line gave one, and where the names are from.
func (l *labels) sorted(ids names, rank []int32) (names, []label) {
	if len(l.of) == 0 {
		return ids, nil
	}
	out, from := slices.Clone(ids), make([]label, len(ids))
	for id, label := range l.of {
		if label.name != 0 {
			out[rank[id]], from[rank[id]] = l.names.at(label.name), label
		}
	}
	return out, from
}
