package orders

// translation turns the codes of one packer into those of the builder. Only
// texts of accepted lines get codes there, in the order of the lines: which
// packer read them leaves no trace.
type translation struct {
	of    [dictionaries]translated
	batch *batch // being taken
}

type translated struct {
	codes   []int32          // by code of the packer; −1: of no accepted line yet
	first   int              // code of the first fresh text of the batch
	pending map[int32][]byte // texts of batches before it that no accepted line had
}

func newTranslation() *translation {
	w := new(translation)
	for i := range w.of {
		w.of[i].codes = []int32{0}
	}
	return w
}

// open makes the fresh texts of a batch known.
func (w *translation) open(t *batch) {
	w.batch = t
	for i := range w.of {
		d := &w.of[i]
		d.first = len(d.codes)
		for range t.fresh[i].ends {
			d.codes = append(d.codes, -1)
		}
	}
}

// close keeps the fresh texts of the batch that are not translated yet.
func (w *translation) close() {
	for i := range w.of {
		d := &w.of[i]
		for code := d.first; code < len(d.codes); code++ {
			if d.codes[code] >= 0 {
				continue
			}
			if d.pending == nil {
				d.pending = map[int32][]byte{}
			}
			d.pending[int32(code)] = append([]byte(nil), w.batch.fresh[i].at(code-d.first)...)
		}
		d.first = len(d.codes)
	}
}

// at returns fresh text i.
func (f *freshTexts) at(i int) []byte {
	if i == 0 {
		return f.text[:f.ends[0]]
	}
	return f.text[f.ends[i-1]:f.ends[i]]
}

// code returns the builder's code for one of the packer's.
func (w *translation) code(b *builder, dict int, code int32) (int32, error) {
	if to := w.of[dict].codes[code]; to >= 0 {
		return to, nil
	}
	return w.learn(b, dict, code)
}

func (w *translation) learn(b *builder, dict int, code int32) (int32, error) {
	d := &w.of[dict]
	var text []byte
	if int(code) >= d.first {
		text = w.batch.fresh[dict].at(int(code) - d.first)
	} else {
		text = d.pending[code]
		delete(d.pending, code)
	}
	to, err := b.dicts[dict].code(text)
	d.codes[code] = to
	return to, err
}

// naming translates n.
func (w *translation) naming(b *builder, ids, names int, n *naming) (err error) {
	if n.id, err = w.code(b, ids, n.id); err == nil {
		n.name, err = w.code(b, names, n.name)
	}
	return err
}

// column stores the translated codes in c from line n on, unless they and all
// before them are blank.
func (w *translation) column(b *builder, dict int, c *column[int32], n int, codes []int32) error {
	to := w.of[dict].codes
	if c.absent() {
		blank := true
		for _, code := range codes {
			blank = blank && code == 0
		}
		if blank {
			return nil
		}
	}
	for len(codes) > 0 {
		room := c.room(n, len(codes))
		for i := range room {
			code := to[codes[i]]
			if code < 0 {
				var err error
				if code, err = w.learn(b, dict, codes[i]); err != nil {
					return err
				}
			}
			room[i] = code
		}
		n, codes = n+len(room), codes[len(room):]
	}
	return nil
}

// discard makes the fresh texts of a batch known whose lines are not taken.
func (w *translation) discard(t *batch) {
	w.open(t)
	w.close()
}
