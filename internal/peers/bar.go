package main

import (
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar returns what moves a bar on the terminal, nil where there is none, and
// what removes it.
func bar(title string) (progress func(done, total int64) error, done func()) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil, func() {}
	}
	b := progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionSetDescription(title),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond),
	)
	var mu sync.Mutex
	progress = func(done, total int64) error {
		mu.Lock()
		defer mu.Unlock()
		if total > 0 && b.GetMax64() != total {
			b.ChangeMax64(total)
		}
		b.Set64(done) // a bar that cannot be drawn is no reason to stop
		return nil
	}
	return progress, func() { b.Finish() }
}
