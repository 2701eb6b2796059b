package xlsx

import (
	"archive/zip"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"
)

// An archive is the parts of a workbook.
type archive struct {
	files  map[string]*zip.File // by partKey
	budget *budget
}

// openArchive reads the directory of a zip archive.
func openArchive(r io.ReaderAt, size int64, l Limits) (*archive, error) {
	directory := &cappedReader{r: r, left: int64(l.Entries)*1024 + 1<<20}
	z, err := zip.NewReader(directory, size)
	switch {
	case directory.left < 0:
		return nil, beyond(int64(l.Entries), "files in the archive", "Entries")
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // nothing is written to a path
		return nil, notArchive(r, err)
	case len(z.File) > l.Entries:
		return nil, beyond(int64(l.Entries), "files in the archive", "Entries")
	}
	directory.open = true
	a := &archive{files: make(map[string]*zip.File, len(z.File)), budget: &budget{limits: l, read: map[*zip.File]int64{}}}
	for _, f := range z.File {
		key := partKey(f.Name)
		if _, twice := a.files[key]; twice && !strings.HasSuffix(key, "/") {
			return nil, damaged("the archive has two parts %q", f.Name)
		}
		a.files[key] = f
	}
	return a, nil
}

// notArchive says why a file could not be read as a zip archive.
func notArchive(r io.ReaderAt, err error) error {
	var magic [4]byte
	n, readErr := r.ReadAt(magic[:], 0)
	switch {
	case readErr != nil && readErr != io.EOF:
		return readErr
	case n == 0:
		return fmt.Errorf("%w: it is empty", ErrNotWorkbook)
	case n < 4 || binary.LittleEndian.Uint32(magic[:]) != 0x04034b50: // PK\3\4
		return fmt.Errorf("%w: it is no zip archive", ErrNotWorkbook)
	case errors.Is(err, zip.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, zip.ErrAlgorithm):
		return fmt.Errorf("%w: the archive has no directory: the file was probably not copied or downloaded to its end", ErrDamaged)
	}
	return err
}

// A cappedReader bounds what may be read while an archive's directory is, for
// archive/zip keeps all of it.
type cappedReader struct {
	r    io.ReaderAt
	left int64
	open bool // no bound any more
}

func (c *cappedReader) ReadAt(b []byte, at int64) (int, error) {
	if !c.open {
		if c.left -= int64(len(b)); c.left < 0 {
			return 0, io.ErrUnexpectedEOF
		}
	}
	return c.r.ReadAt(b, at)
}

// partKey returns how a part is looked up: programs do not agree on letter
// case and slashes (xl/SharedStrings.xml, xl\workbook.xml), nor does the
// standard (ECMA-376 part 2, §6.2.2: names are equal regardless of case).
func partKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// resolve returns the name of the part that target means within part base.
func resolve(base, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return path.Clean(target)[1:]
	}
	return path.Join(path.Dir(base), target)
}

// has reports whether there is a part of that name.
func (a *archive) has(name string) bool { return a.files[partKey(name)] != nil }

// scanList does what scan does for a part of which all may be kept.
func (a *archive) scanList(ctx context.Context, name string, use func(s *scanner) bool) error {
	return a.scanPart(ctx, name, maxList, use)
}

// scan calls use with a scanner of a part, reads the part to its end unless
// use failed the scanner or returned false, and returns what went wrong.
func (a *archive) scan(ctx context.Context, name string, use func(s *scanner) bool) error {
	return a.scanPart(ctx, name, math.MaxInt64, use)
}

// scanPart does what scan does for a part of at most limit bytes.
func (a *archive) scanPart(ctx context.Context, name string, limit int64, use func(s *scanner) bool) error {
	file := a.files[partKey(name)]
	if file == nil {
		return &PartError{Part: name, Err: damaged("the part is missing")}
	}
	if file.Flags&1 != 0 {
		return &PartError{Part: name, Err: damaged("the part is encrypted: save the workbook without a password")}
	}
	content, err := file.Open()
	if err != nil {
		return &PartError{Part: name, Err: archiveError(err)}
	}
	defer content.Close()
	ahead := newAheadReader(&partReader{ctx: ctx, content: content, file: file, limit: limit, budget: a.budget})
	defer ahead.close()
	s := newScanner(ahead)
	if use(s) {
		s.finish()
	}
	if s.err != nil {
		return &PartError{Part: name, Offset: s.read(), Err: s.err}
	}
	return nil
}

// A partReader unzips a part, counting.
type partReader struct {
	ctx     context.Context
	content io.Reader
	file    *zip.File
	limit   int64
	budget  *budget
	n       int64
}

func (p *partReader) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, context.Cause(p.ctx)
	}
	n, err := p.content.Read(b)
	if p.n += int64(n); p.n > p.limit {
		return 0, fmt.Errorf("%w: more than %d bytes in a part that only lists others or styles", ErrLimit, p.limit)
	}
	if over := p.budget.spend(p.file, p.n); over != nil {
		return 0, over
	}
	if err != nil && err != io.EOF {
		err = archiveError(err)
	}
	return n, err
}

// archiveError says what is wrong with a part of an archive. An error of the
// reader beneath is returned as it is.
func archiveError(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, zip.ErrAlgorithm):
		return damaged("the part is compressed by a method that Excel does not use")
	case errors.Is(err, zip.ErrChecksum):
		return damaged("the part's checksum is wrong")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: %w: the part is cut short", ErrDamaged, io.ErrUnexpectedEOF)
	case errors.Is(err, zip.ErrFormat), errors.As(err, &corrupt):
		return damaged("the part cannot be unzipped")
	}
	return err
}
