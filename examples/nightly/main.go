// Command nightly keeps a history of sales in one Parquet file. Each night it
// adds the export of the day: an order that the file has already is replaced by
// what the export says of it now, so that exports may overlap and may be read twice.
//
//	go run ./examples/nightly -store history.parquet export.csv
package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/apache/arrow/go/v16/arrow/memory"

	"github.com/repeatsales/repeatsales/cohorts"
	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/orders/parquet"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	job := cli.New("nightly", "К истории продаж в Parquet добавляет выгрузку за день и показывает итоги.",
		"Adds the day's export to a history of sales in Parquet, and shows the figures.", args, stdout, stderr)
	store := "history.parquet"
	job.StringVar(&store, "store", store, job.Text("`ФАЙЛ` истории; если его нет, он будет создан (history.parquet)", "`FILE` of the history; made if there is none (history.parquet)"))
	return job.Run(func(ctx context.Context) error {
		job.Options.Overlap = orders.KeepNewest
		today, err := job.Load(ctx)
		if err != nil {
			return err
		}
		defer today.Release()
		nights := []*orders.History{today}
		if yesterday, err := read(ctx, store, job.Options); err == nil {
			defer yesterday.Release()
			nights = []*orders.History{yesterday, today} // the newest is the last
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		sales, err := orders.Join(ctx, job.Options, nights...)
		if err != nil {
			return err
		}
		defer sales.Release()
		control, err := sales.Control(ctx)
		repeat, err1 := cohorts.RepeatShare(ctx, sales, cohorts.RepeatOptions{})
		if err := errors.Join(err, err1, write(ctx, store, sales)); err != nil {
			return err
		}
		return job.PrintFigures(append(job.Reconciliation(control), job.RepeatSales(repeat)...))
	})
}

// read returns the History that a Parquet file holds.
func read(ctx context.Context, path string, o orders.Options) (*orders.History, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return orders.CollectRecords(ctx, parquet.Records(ctx, f, memory.DefaultAllocator), o)
}

// write writes a History to a Parquet file, beside it first: a night that fails
// leaves yesterday's.
func write(ctx context.Context, path string, sales *orders.History) error {
	f, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing, once it is renamed
	if err := errors.Join(parquet.Write(ctx, f, sales), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
