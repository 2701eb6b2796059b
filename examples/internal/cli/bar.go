package cli

import (
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Bar is a progress bar on a terminal, and nothing elsewhere.
type Bar struct {
	mu  sync.Mutex
	bar *progressbar.ProgressBar // nil: stderr is no terminal

	// Progress moves the bar, if there is one. It is nil otherwise, which is what
	// the library takes for nobody to be told.
	Progress func(done, total int64) error
}

// Bar returns a new bar on stderr; bytes says that it counts bytes.
func (j *Job) Bar(title string, bytes bool) *Bar {
	f, ok := j.stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &Bar{}
	}
	b := &Bar{bar: progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(f),
		progressbar.OptionSetDescription(title),
		progressbar.OptionShowBytes(bytes),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond),
	)}
	b.Progress = b.move
	return b
}

func (b *Bar) move(done, total int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if total > 0 && b.bar.GetMax64() != total {
		b.bar.ChangeMax64(total)
	}
	b.bar.Set64(done) // a bar that cannot be drawn is no reason to stop
	return nil
}

// Close removes the bar, so that messages begin on a clean line.
func (b *Bar) Close() {
	if b.bar != nil {
		b.bar.Finish()
	}
}
