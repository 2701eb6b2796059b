package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"runtime"
	"slices"
)

// archive writes a zip file whose entries are in the order of their names and
// carry no time, so that the same parts give the same bytes in whatever order
// they come. It is an excelize.ZipWriter. Entries are held compressed.
type archive struct {
	out     io.Writer
	entries []*entry
	idle    chan *press
}

func newArchive(out io.Writer) *archive {
	a := &archive{out: out, idle: make(chan *press, runtime.GOMAXPROCS(0)+1)}
	for range cap(a.idle) {
		a.idle <- new(press)
	}
	return a
}

// entry is compressed in blocks of one size, by as many processors as there are,
// to the same bytes however many these are.
type entry struct {
	*archive
	name   string
	sum    uint32
	size   uint64
	press  *press        // with the block under way; nil: none
	blocks []chan []byte // compressed, in order
	data   []byte
}

// press compresses a block.
type press struct {
	block   []byte
	out     bytes.Buffer
	deflate *flate.Writer
}

// blockSize is so large that beginning each block without a past costs less than
// a hundredth of the compression.
const blockSize = 1 << 20

// level compresses rows twice as fast as the default of compress/flate, which
// would make them a two-hundredth smaller.
const level = 5

// Write compresses p into the entry.
func (e *entry) Write(p []byte) (int, error) {
	e.sum = crc32.Update(e.sum, crc32.IEEETable, p)
	e.size += uint64(len(p))
	for rest := p; len(rest) > 0; {
		if e.press == nil {
			e.press = <-e.idle
		}
		n := min(len(rest), blockSize-len(e.press.block))
		e.press.block, rest = append(e.press.block, rest[:n]...), rest[n:]
		if len(e.press.block) == blockSize {
			e.compress()
		}
	}
	return len(p), nil
}

// compress has the block compressed while the next one is gathered.
func (e *entry) compress() {
	p, done := e.press, make(chan []byte, 1)
	e.press, e.blocks = nil, append(e.blocks, done)
	go func() {
		done <- p.compressed()
		e.idle <- p
	}()
}

// compressed returns the block compressed, to its last byte, and empties it.
func (p *press) compressed() []byte {
	p.out.Reset()
	if p.deflate == nil {
		p.deflate, _ = flate.NewWriter(&p.out, level) // which is valid
	} else {
		p.deflate.Reset(&p.out)
	}
	p.deflate.Write(p.block) // a buffer takes everything
	p.deflate.Flush()
	p.block = p.block[:0]
	return bytes.Clone(p.out.Bytes())
}

// Create ends the current entry and begins another.
func (a *archive) Create(name string) (io.Writer, error) {
	a.end()
	e := &entry{archive: a, name: name}
	a.entries = append(a.entries, e)
	return e, nil
}

// end puts the blocks of the current entry together.
func (a *archive) end() {
	if len(a.entries) == 0 {
		return
	}
	e := a.entries[len(a.entries)-1]
	if e.press != nil {
		e.compress()
	}
	for _, b := range e.blocks {
		e.data = append(e.data, <-b...)
	}
	e.data = append(e.data, 3, 0) // a last block of nothing, which ends a deflate stream
	e.blocks = nil
}

// AddFS is a part of excelize.ZipWriter that saving a workbook does not use.
func (a *archive) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the entries, sorted.
func (a *archive) Close() error {
	a.end()
	slices.SortFunc(a.entries, func(x, y *entry) int { return cmp.Compare(x.name, y.name) })
	w := zip.NewWriter(a.out)
	for _, e := range a.entries {
		part, err := w.CreateRaw(&zip.FileHeader{
			Name:               e.name,
			Method:             zip.Deflate,
			CRC32:              e.sum,
			CompressedSize64:   uint64(len(e.data)),
			UncompressedSize64: e.size,
			CreatorVersion:     zipVersion,
			ReaderVersion:      zipVersion,
			ModifiedDate:       1<<5 | 1, // 1980-01-01, the least that the format knows
		})
		if err != nil {
			return err
		}
		if _, err := part.Write(e.data); err != nil {
			return err
		}
	}
	return w.Close()
}

// zipVersion is 2.0, what deflated entries need. A part of more than 4 GB would
// need 4.5, but the rows of a sheet are limited far below that.
const zipVersion = 20
