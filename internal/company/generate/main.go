// Generate writes the files of the synthetic company into a directory:
//
//	go run ./internal/company/generate [-dir testdata] [-seed 1]
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/repeatsales/repeatsales/internal/company"
)

func main() {
	dir := flag.String("dir", "testdata", "directory to write into")
	seed := flag.Uint64("seed", 1, "seed of the company; the files in testdata are of seed 1")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := generate(*dir, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(dir string, seed uint64) error {
	c := company.Generate(seed)
	for _, f := range company.Files() {
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
