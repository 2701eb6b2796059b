package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
)

// archive writes a zip file whose entries are in the order of their names and
// carry no time, so that the same parts give the same bytes in whatever order
// they come. It is an excelize.ZipWriter. Entries are held compressed.
type archive struct {
	out     io.Writer
	entries []*entry
	deflate *flate.Writer
}

type entry struct {
	name    string
	data    bytes.Buffer
	deflate *flate.Writer
	sum     hash.Hash32
	size    uint64
}

// Write compresses p into the entry.
func (e *entry) Write(p []byte) (int, error) {
	e.sum.Write(p)
	e.size += uint64(len(p))
	return e.deflate.Write(p)
}

// Create ends the current entry and begins another.
func (a *archive) Create(name string) (io.Writer, error) {
	if err := a.end(); err != nil {
		return nil, err
	}
	e := &entry{name: name, sum: crc32.NewIEEE()}
	if a.deflate == nil {
		a.deflate, _ = flate.NewWriter(&e.data, flate.DefaultCompression) // the level is valid
	} else {
		a.deflate.Reset(&e.data)
	}
	e.deflate = a.deflate
	a.entries = append(a.entries, e)
	return e, nil
}

func (a *archive) end() error {
	if len(a.entries) == 0 {
		return nil
	}
	return a.deflate.Close()
}

// AddFS is a part of excelize.ZipWriter that saving a workbook does not use.
func (a *archive) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the entries, sorted.
func (a *archive) Close() error {
	if err := a.end(); err != nil {
		return err
	}
	slices.SortFunc(a.entries, func(x, y *entry) int { return cmp.Compare(x.name, y.name) })
	w := zip.NewWriter(a.out)
	for _, e := range a.entries {
		part, err := w.CreateRaw(&zip.FileHeader{
			Name:               e.name,
			Method:             zip.Deflate,
			CRC32:              e.sum.Sum32(),
			CompressedSize64:   uint64(e.data.Len()),
			UncompressedSize64: e.size,
			CreatorVersion:     zipVersion,
			ReaderVersion:      zipVersion,
			ModifiedDate:       1<<5 | 1, // 1980-01-01, the least that the format knows
		})
		if err != nil {
			return err
		}
		if _, err := part.Write(e.data.Bytes()); err != nil {
			return err
		}
	}
	return w.Close()
}

// zipVersion is 2.0, what deflated entries need. A part of more than 4 GB would
// need 4.5, but the rows of a sheet are limited far below that.
const zipVersion = 20
