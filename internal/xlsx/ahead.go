package xlsx

import "io"

// How far an aheadReader reads ahead.
const (
	aheadBlocks = 4
	aheadSize   = 64 << 10
)

// An aheadReader reads src in a goroutine of its own, some blocks ahead of
// who reads it: unzipping a sheet takes about half as long as scanning it, and
// the two can go side by side. What it reads, errors included, comes in src's order.
type aheadReader struct {
	blocks chan aheadBlock // read, in order
	spare  chan []byte     // to be read into
	stop   chan struct{}   // closed when nobody will read on
	done   chan struct{}   // closed when src will not be read any more
	block  aheadBlock      // whose rest comes next
	used   []byte          // the whole of that block's buffer
}

type aheadBlock struct {
	rest []byte
	err  error
}

func newAheadReader(src io.Reader) *aheadReader {
	a := &aheadReader{
		blocks: make(chan aheadBlock, aheadBlocks), spare: make(chan []byte, aheadBlocks+1),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	for range aheadBlocks {
		a.spare <- make([]byte, aheadSize)
	}
	go a.run(src)
	return a
}

// run reads src to its end, or until close.
func (a *aheadReader) run(src io.Reader) {
	defer close(a.done)
	defer close(a.blocks)
	for {
		var b []byte
		select {
		case b = <-a.spare:
		case <-a.stop:
			return
		}
		n, err := io.ReadFull(src, b)
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		select {
		case a.blocks <- aheadBlock{b[:n], err}:
		case <-a.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

// Read reads what src gave.
func (a *aheadReader) Read(b []byte) (int, error) {
	for len(a.block.rest) == 0 {
		if a.block.err != nil {
			return 0, a.block.err
		}
		if a.used != nil {
			a.spare <- a.used
		}
		a.block = <-a.blocks
		a.used = a.block.rest[:cap(a.block.rest)]
	}
	n := copy(b, a.block.rest)
	a.block.rest = a.block.rest[n:]
	return n, nil
}

// close returns when src is not read any more.
func (a *aheadReader) close() {
	close(a.stop)
	<-a.done
}
