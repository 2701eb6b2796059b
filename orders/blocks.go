package orders

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/repeatsales/repeatsales/internal/delimited"
)

// blockSize is how much of a text one worker reads at a time: little enough for
// a processor's cache.
const blockSize = 256 << 10

// A text is read in blocks that end where a line does. Several workers read
// blocks at the same time, each as if a row began at its beginning, and pack
// what they find. The packs are taken in the order of the file. Where a block
// did begin within a row (quotes can hold line ends), or where something is found
// that depends on the rows before (a second currency, an error that ends the
// reading), the block is read again, in its place, by the reader of the file.

// parallel returns the builder into which several workers read a text of that
// layout; nil if its rows must be read one after another.
func (in *intake) parallel(l *layout) *builder {
	b, ok := in.sink.(*builder)
	if !ok || in.o.workers() == 1 || l.report != nil || !l.charset.Bytewise() || newWholeOrder(l) != nil {
		return nil
	}
	return b
}

// block is a piece of a text, and what a worker made of it.
type block struct {
	text     []byte
	size     int  // of its text in the file
	last     bool // nothing follows
	currency string

	packer  *packer
	batch   *batch
	rows    int64
	lines   int64 // physical ones
	rest    int   // bytes at its end that are no whole row
	odd     bool  // it is to be read again
	stated  NullAmount
	notices notices
	cells   int64 // that were rounded
	rounded int64 // by so much, see residue

	done chan struct{}
}

// blockReader reads a text in blocks.
type blockReader struct {
	in   *intake
	b    *builder
	l    *layout
	main *rowReader // in the order of the file
	src  io.Reader

	row, line, offset int64 // of the next row, less 1; of its first byte
	carry             []byte
	tail              []byte // behind the last block that was cut
	eof               bool
	err               error // of src
	expected          bool
	size              int
}

// readBlocks reads the rows of a text.
func (in *intake) readBlocks(b *builder, l *layout, src io.Reader) error {
	if err := in.open(l); err != nil {
		return err
	}
	r := &blockReader{in: in, b: b, l: l, main: newRowReader(in, l), src: src, size: in.blockSize()}
	first := &block{}
	r.cut(first)
	mark := min(int(l.charset.MarkSize()), len(first.text))
	first.text, r.offset = first.text[mark:], int64(mark)
	err := r.again(first)
	if err == nil && !first.last && r.err == nil {
		err = r.share()
	}
	if err == nil && r.err != nil {
		err = fmt.Errorf("orders: %s: row %d: %w", l.File, r.row+1, r.err)
	}
	if err != nil {
		return err
	}
	return r.main.end()
}

func (in *intake) blockSize() int {
	if in.block > 0 {
		return in.block
	}
	return blockSize
}

// cut reads the next block. Without a line end in it, it ends anywhere.
func (r *blockReader) cut(k *block) {
	k.text = append(k.text[:0], r.tail...)
	r.tail = r.tail[:0]
	k.text = slices.Grow(k.text, max(0, r.size-len(k.text)))
	for idle := 0; len(k.text) < r.size && !r.eof && r.err == nil; idle++ {
		n, err := r.src.Read(k.text[len(k.text):r.size])
		k.text = k.text[:len(k.text)+n]
		switch {
		case err == io.EOF:
			r.eof = true
		case err != nil:
			r.err = err
		case n > 0:
			idle = 0
		case idle == 100:
			r.err = io.ErrNoProgress
		}
	}
	k.last = r.eof
	if end := bytes.LastIndexByte(k.text, '\n') + 1; end > 0 && !k.last {
		r.tail = append(r.tail, k.text[end:]...)
		k.text = k.text[:end]
	}
	k.size = len(k.text)
	k.currency = r.in.currency.code
}

// share has workers read the blocks behind the first, and takes them in order.
func (r *blockReader) share() error {
	workers := r.in.o.workers()
	todo := make(chan *block, 2*workers)
	var wait sync.WaitGroup
	defer wait.Wait()
	defer close(todo)
	for range workers {
		w := newBlockWorker(r.in, r.b.packer(), r.l)
		wait.Go(func() {
			for k := range todo {
				w.read(k)
				k.done <- struct{}{}
			}
		})
	}
	var under []*block // way, in order
	var spare []*block
	for ended := false; !ended || len(under) > 0; {
		for !ended && len(under) < cap(todo) {
			k := &block{done: make(chan struct{}, 1)}
			if n := len(spare); n > 0 {
				k, spare = spare[n-1], spare[:n-1]
			}
			r.cut(k)
			ended = k.last || r.err != nil
			todo <- k
			under = append(under, k)
		}
		k := under[0]
		under = under[1:]
		<-k.done
		if err := r.take(k); err != nil {
			for _, k := range under {
				<-k.done
			}
			return err
		}
		spare = append(spare, k)
	}
	return nil
}

// take takes what a worker made of the next block, or reads it again.
func (r *blockReader) take(k *block) error {
	if len(r.carry) > 0 || k.odd || r.row < r.l.headerEnd() || r.row+k.rows > r.main.rows {
		r.b.discard(k)
		return r.again(k)
	}
	for i := range k.batch.rejects {
		e := &k.batch.rejects[i].row
		e.Row, e.Line, e.Offset = e.Row+r.row, e.Line+r.line, e.Offset+r.offset
	}
	if err := r.b.take(k.batch, k.packer.number); err != nil {
		return err
	}
	r.main.include(k, r.row)
	r.carry = append(r.carry, k.text[len(k.text)-k.rest:]...)
	r.expect()
	r.row, r.line, r.offset = r.row+k.rows, r.line+k.lines, r.offset+int64(k.size-k.rest)
	return r.tick(k)
}

// known is how much of a large text shows what the rest of it is like.
const known = 32 << 20

// expect makes room for as many documents as the file probably has: growing
// step by step would take longer.
func (r *blockReader) expect() {
	done, total := r.in.done, r.in.total
	if r.expected || done < known || total < 4*known {
		return
	}
	r.expected = true
	r.b.documents.expect(int(float64(r.b.documents.len()) / float64(done) * float64(total)))
}

// tick reports that a block is read.
func (r *blockReader) tick(k *block) error {
	if err := r.in.ctx.Err(); err != nil {
		return err
	}
	return r.in.progress(int64(k.size))
}

// again reads a block, and what was left over before it, in order.
func (r *blockReader) again(k *block) error {
	text := k.text
	if len(r.carry) > 0 {
		text = append(r.carry, k.text...)
	}
	p := parserOf(r.l, r.in.o.Limits)
	decoded := r.l.charset.Block(nil, text)
	var row tableRow
	for len(decoded) > 0 {
		n, err := p.Next(decoded, k.last)
		if err == delimited.ErrTooLong {
			return tooLong(r.l.File, r.row+1, r.line+1, p.Max)
		}
		if n == 0 {
			break
		}
		decoded = decoded[n:]
		row.Row, row.Line, row.Offset = r.row+1, r.line+1, r.offset
		row.fromText(&p)
		r.row, r.line, r.offset = r.row+1, r.line+int64(p.Lines), r.offset+r.l.charset.Size(p.Raw)
		if row.Row > r.l.headerEnd() {
			if err := r.main.row(&row); err != nil {
				return err
			}
		}
	}
	r.carry = append([]byte(nil), text[len(text)-int(r.l.charset.Size(decoded)):]...)
	r.size = max(r.in.blockSize(), len(r.carry)) // a row of many blocks is not gone through for each of them
	return r.tick(k)
}

func parserOf(l *layout, limits Limits) delimited.Parser {
	return delimited.Parser{Comma: l.comma, Backslash: l.backslash, Max: limits.withDefaults().RecordBytes}
}

// discard forgets what a worker made of a block.
func (b *builder) discard(k *block) {
	b.translated[k.packer.number].discard(k.batch)
}

// blockWorker reads blocks, each for itself.
type blockWorker struct {
	rows    *rowReader
	packer  *packer
	parser  delimited.Parser
	l       *layout
	decoded []byte
	odd     bool
	careful bool // rejected rows are to be written somewhere, in order
}

func newBlockWorker(in *intake, p *packer, l *layout) *blockWorker {
	w := &blockWorker{packer: p, l: l, parser: parserOf(l, in.o.Limits), careful: in.o.Quarantine != nil}
	own := &intake{ctx: context.Background(), o: in.o, sink: w}
	own.o.Quarantine, own.o.Progress = nil, nil
	w.rows = newRowReader(own, l)
	w.rows.loose = true
	return w
}

// read reads a block.
func (w *blockWorker) read(k *block) {
	if k.batch == nil {
		k.batch = new(batch)
	}
	k.batch.reset()
	k.packer, w.packer.to, w.odd = w.packer, k.batch, false
	r := w.rows
	r.in.currency.code = k.currency
	r.stated, r.statedRow, r.notices, r.cells, r.drift = NullAmount{}, 0, notices{}, 0, residue{}
	w.decoded = w.l.charset.Block(w.decoded[:0], k.text)
	text := w.decoded
	var row tableRow
	row.Line = 1
	for len(text) > 0 && !w.odd {
		n, err := w.parser.Next(text, k.last)
		if n == 0 {
			w.odd = err != nil
			break
		}
		text = text[n:]
		row.Row++
		row.Offset = int64(len(w.decoded) - len(text) - len(w.parser.Raw)) // in what is decoded, see reject
		row.fromText(&w.parser)
		if err := r.row(&row); err != nil {
			w.odd = true
			break
		}
		row.Line += int64(w.parser.Lines)
	}
	w.packer.seal()
	k.rows, k.lines, k.rest, k.odd = row.Row, row.Line-1, int(w.l.charset.Size(text)), w.odd
	k.stated, k.notices, k.cells, k.rounded = r.stated, r.notices, r.cells, r.drift.sum
}

// A blockWorker is the sink of its rowReader.
func (w *blockWorker) add(r *record) error              { return w.packer.add(r) }
func (w *blockWorker) skip(reason Reason, money Amount) { w.packer.to.skip(reason, money) }
func (w *blockWorker) rounded(int64, Amount)            { w.odd = true }
func (w *blockWorker) stated(Amount)                    { w.odd = true }
func (w *blockWorker) warn(Warning)                     { w.odd = true }
func (w *blockWorker) setCurrency(string)               { w.odd = true }
func (w *blockWorker) detected(Detection)               { w.odd = true }
func (w *blockWorker) restore(stored) error             { w.odd = true; return nil }
func (w *blockWorker) reject(e *RowError, m Amount) error {
	w.odd = w.odd || w.careful
	e.Offset = w.l.charset.Size(w.decoded[:e.Offset])
	w.packer.to.rejects = append(w.packer.to.rejects, reject{*e, m})
	return nil
}

// include takes over what a worker noted of a block whose first row is behind
// so many rows.
func (r *rowReader) include(k *block, before int64) {
	if k.stated.Known {
		r.stated, r.statedRow = k.stated, -1
	}
	r.notices.include(&k.notices, before)
	if k.cells > 0 {
		r.roundOff(k.cells, k.rounded)
	}
}
