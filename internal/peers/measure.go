package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// run is one run of a job in a process of its own.
type run struct {
	wall, cpu time.Duration // of the whole process; cpu is user and system
	peak      int64         // largest resident set, bytes
}

// child names the variable that makes the program run one job, as its flags
// say, and print the answers.
const child = "REPEATSALES_PEERS_CHILD"

// execute runs the program itself with the flags args.
func execute(ctx context.Context, args ...string) (run, answers, error) {
	program, err := os.Executable()
	if err != nil {
		return run{}, nil, err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	var out bytes.Buffer
	cmd.Env = append(os.Environ(), child+"=1")
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	start := time.Now()
	err = cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return run{}, nil, fmt.Errorf("%v: %w", args, err)
	}
	state := cmd.ProcessState
	a, err := readAnswers(&out)
	return run{wall, state.UserTime() + state.SystemTime(), peak(state)}, a, err
}

// peak returns the largest resident set of a process that has ended. It is not
// less than this process's own was, which therefore keeps small.
func peak(state *os.ProcessState) int64 {
	usage := state.SysUsage().(*syscall.Rusage)
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}

// contest is one job on one file.
type contest struct {
	name, job string
	args      []string // of the child
	base      *contest // what its ratios are to and its answers are compared with; nil: none
	runs      []run    // by round
	got       answers  // of the first round
}

// interleave runs every contest once in each round, beginning with another one
// each time. Answers that change from run to run are an error.
func interleave(ctx context.Context, rounds int, contests []*contest) error {
	for round := range rounds {
		for i := range contests {
			c := contests[(round+i)%len(contests)]
			r, a, err := execute(ctx, c.args...)
			if err != nil {
				return err
			}
			if c.runs = append(c.runs, r); len(c.runs) == 1 {
				c.got = a
				continue
			}
			found, err := differences(c.got, a)
			if err != nil {
				return err
			}
			if len(found) > 0 {
				return fmt.Errorf("%s: the answers of round %d are not those of the first: %s …", c.name, round+1, found[0])
			}
		}
	}
	return nil
}

func (c *contest) wall() time.Duration {
	return median(c.runs, func(r run) time.Duration { return r.wall })
}

func (c *contest) cpu() time.Duration {
	return median(c.runs, func(r run) time.Duration { return r.cpu })
}

func (c *contest) peak() int64 { return median(c.runs, func(r run) int64 { return r.peak }) }

// median returns the middle one of the values of runs, the mean of the middle two if there are two.
func median[T ~int64](runs []run, of func(run) T) T {
	values := make([]T, len(runs))
	for i, r := range runs {
		values[i] = of(r)
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
