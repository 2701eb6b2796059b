package delimited

import (
	"io"
)

// block is how much a Reader reads at a time: little enough for a processor's cache.
const block = 256 << 10

// Reader reads the records of a stream with a [Parser], in one buffer.
type Reader struct {
	Parser
	Row  int64 // number of the record, from 1
	Line int64 // number of the physical line on which it begins, from 1

	src        io.Reader
	buf        []byte
	start, end int // of what is not used up yet
	eof        bool
	next       int64 // line on which the next record begins
}

// NewReader returns a Reader of the records of src.
func NewReader(src io.Reader, comma byte) *Reader {
	return &Reader{Parser: Parser{Comma: comma}, src: src, buf: make([]byte, block), next: 1}
}

// Read reads the next record into the fields of r, which are valid until the
// next call. It returns io.EOF after the last one, [ErrTooLong], or what the
// stream returned; Row and Line then say of which record.
func (r *Reader) Read() error {
	r.Row++
	r.Line = r.next
	for {
		n, err := r.Parser.Next(r.buf[r.start:r.end], r.eof)
		if n > 0 {
			r.start += n
			r.next += int64(r.Lines)
			return nil
		}
		if err != nil {
			return err
		}
		if r.eof {
			return io.EOF
		}
		if err := r.fill(); err != nil {
			return err
		}
	}
}

// fill reads more of the stream behind what is not used up yet.
func (r *Reader) fill() error {
	copy(r.buf, r.buf[r.start:r.end])
	r.start, r.end = 0, r.end-r.start
	if r.end == len(r.buf) {
		r.buf = append(r.buf, make([]byte, len(r.buf))...)
	}
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		switch {
		case err == io.EOF:
			r.eof = true
			return nil
		case err != nil:
			return err
		case n > 0:
			return nil
		}
	}
	return io.ErrNoProgress
}
