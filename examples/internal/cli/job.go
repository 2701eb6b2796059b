// Package cli is what the example programs share: the flags that say how to
// read an export, reading it with a progress bar, writing a table as text, CSV
// or JSON, and messages in Russian or English.
//
// A program makes a [Job], adds its own flags to it and calls [Job.Run]:
//
//	job := cli.New("repeat", args, stdout, stderr)
//	cli.Choice(job, &options.Grain, "grain", "month|year", "…", orders.Month, orders.Year)
//	return job.Run(func(ctx context.Context) error {
//		sales, err := job.Load(ctx)
//		…
//		return job.Print(table)
//	})
//
// Results go to stdout, everything else to stderr.
package cli

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/repeatsales/repeatsales/orders"
)

// The exit statuses.
const (
	succeeded = 0
	failed    = 1
	misused   = 2 // wrong flags
)

// Format is the form of what goes to stdout.
type Format uint8

// The formats.
const (
	Text Format = iota // an aligned table for people, in the job's language
	CSV
	JSON
)

// Job is one run of a program.
type Job struct {
	*flag.FlagSet // for the program's own flags

	Language Language
	Format   Format
	Options  orders.Options // how to read the export, as the flags say
	Exports  []string       // the files given; none: the bundled sample

	mapping    string // how the exports are written: a preset or a file; "": found out
	quarantine string // file for the rejected rows; "": none

	stdout *bufio.Writer
	stderr io.Writer
	args   []string
}

// New returns the job of a program, with the flags that all programs have. The
// language is looked up in args at once, so that every text after it is in it.
func New(program, purposeRussian, purposeEnglish string, args []string, stdout, stderr io.Writer) *Job {
	j := &Job{
		FlagSet: flag.NewFlagSet(program, flag.ContinueOnError),
		stdout:  bufio.NewWriter(stdout),
		stderr:  stderr,
		args:    args,
	}
	j.SetOutput(io.Discard) // what is wrong with a flag is said by Run, in the job's language
	j.Language = languageOf(args)
	j.Usage = func() { j.usage(j.Language.Text(purposeRussian, purposeEnglish)) }
	j.commonFlags()
	return j
}

// Run parses the flags, calls do and returns the exit status: 0, 1 if do
// failed, or 2 if a flag was wrong; why goes to stderr. An interrupt (Ctrl-C)
// cancels do's context, a second one ends the program at once.
func (j *Job) Run(do func(context.Context) error) int {
	err := j.parse()
	if errors.Is(err, flag.ErrHelp) {
		j.Usage()
		return succeeded
	}
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		context.AfterFunc(ctx, stop)
		if err = j.readMapping(); err == nil {
			err = j.asFlag(do(ctx))
		}
	}
	if err == nil {
		err = j.stdout.Flush()
	}
	if err == nil {
		return succeeded
	}
	for _, line := range j.Language.Explain(err) {
		j.Say("%s", line)
	}
	if _, wrong := errors.AsType[*flagError](err); wrong || errors.Is(err, orders.ErrOptions) {
		j.Say("%s", j.Language.Text("Все флаги: ", "All flags: ")+j.Name()+" -h")
		return misused
	}
	return failed
}

// Say writes a message to stderr.
func (j *Job) Say(format string, values ...any) {
	fmt.Fprintf(j.stderr, format+"\n", values...)
}

// Text returns the text that is in the job's language.
func (j *Job) Text(russian, english string) string { return j.Language.Text(russian, english) }

// usage writes what -h asks for.
func (j *Job) usage(purpose string) {
	j.Say("%s\n\n%s %s\n", purpose, j.Name(), j.Text("[флаги] [ВЫГРУЗКА…]", "[flags] [EXPORT…]"))
	j.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		j.Say("  -%s %s\n    \t%s", f.Name, value, strings.TrimPrefix(usage, value+": "))
	})
	j.Say("\n%s", j.Text("Без файла берётся учебный пример "+samplePath+".", "Without a file the bundled sample "+samplePath+" is read."))
}
