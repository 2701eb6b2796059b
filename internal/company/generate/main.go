// Generate writes the files of the synthetic company into a directory:
//
//	go run ./internal/company/generate [-dir testdata] [-seed 1] [-exports]
//
// With -exports it writes the company as Bitrix24, amoCRM, Shopify, WooCommerce,
// Odoo and reports of 1C would export it, too; those files are in no repository.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/repeatsales/repeatsales/internal/company"
	"github.com/repeatsales/repeatsales/internal/exports"
)

func main() {
	dir := flag.String("dir", "testdata", "directory to write into")
	seed := flag.Uint64("seed", 1, "seed of the company; the files in testdata are of seed 1")
	all := flag.Bool("exports", false, "write the company in the shapes of other systems too")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := generate(*dir, *seed, *all); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(dir string, seed uint64, all bool) error {
	c := company.Generate(seed)
	files := company.Files()
	if all {
		for _, f := range exports.Formats() {
			files = append(files, company.File{Name: f.File, Write: func(c *company.Company, w io.Writer) error { return f.Write(w, c.Sold) }})
		}
	}
	for _, f := range files {
		var b bytes.Buffer
		if err := f.Write(c, &b); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
