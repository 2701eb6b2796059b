// Command pictures draws the main sheets of the workbook for the documentation,
// as they are printed: the first page of each, in both languages.
//
//	go run ./internal/pictures
//
// It needs LibreOffice and the tools of Poppler: soffice, pdftotext and pdftoppm.
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// sheets are the sheets that are drawn: the name of the file, and the first line
// of the sheet in both languages.
var sheets = []struct{ file, english, russian string }{
	{"summary", "Repeat sales: summary", "Повторные продажи: сводка"},
	{"customers", "ABC and XYZ: Customers", "ABC и XYZ: Клиенты"},
	{"repeat", "Repeat share", "Доля повторных продаж"},
	{"deal", "First and repeat deal", "Первая и повторная сделка"},
	{"cohorts", "Cohorts", "Когорты"},
	{"segments", "Segments", "Сегменты"},
	{"calls", "Call list", "Список звонков"},
	{"plan", "Sales plan and plan against fact", "План продаж и план-факт"},
	{"reconciliation", "Reconciliation", "Сверка"},
}

// assumptions are what the profit of deals is computed with.
var assumptions = strings.Fields("-cpl 500 -conversion 0.1 -bonus-first 5000 -bonus-repeat 3000 -errors-first 3000 -errors-repeat 1000")

const (
	resolution = "110" // dots per inch
	height     = 680   // pixels of a picture, at most
	margin     = 6     // pixels around what is printed
)

func main() {
	dir := flag.String("dir", "testdata", "`folder` to write into")
	flag.Parse()
	for _, language := range []string{"en", "ru"} {
		if err := drawAll(*dir, language); err != nil {
			fmt.Fprintln(os.Stderr, "pictures:", err)
			os.Exit(1)
		}
	}
}

// drawAll draws the sheets of the workbook in one language.
func drawAll(dir, language string) error {
	work, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	book, printed := filepath.Join(work, "book.xlsx"), filepath.Join(work, "book.pdf")
	report := append([]string{"run", "./examples/report", "-lang", language, "-o", book}, assumptions...)
	if _, err := output("go", report...); err != nil {
		return err
	}
	if _, err := output("soffice", "-env:UserInstallation=file://"+filepath.Join(work, "profile"), "--headless", "--convert-to", "pdf", "--outdir", work, book); err != nil {
		return err
	}
	text, err := output("pdftotext", "-layout", printed, "-")
	if err != nil {
		return err
	}
	pages := strings.Split(string(text), "\f")
	for _, s := range sheets {
		title, file := s.english, s.file+".png"
		if language == "ru" {
			title, file = s.russian, s.file+".ru.png"
		}
		n := slices.IndexFunc(pages, func(page string) bool { return begins(page, title) && !listed(page) })
		if n < 0 {
			return fmt.Errorf("no page begins with %q", title)
		}
		page := strconv.Itoa(n + 1)
		drawn, err := output("pdftoppm", "-png", "-r", resolution, "-f", page, "-l", page, printed)
		if err != nil {
			return err
		}
		picture, err := cut(drawn)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, file), picture, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// begins reports whether the first line of a page is the title.
func begins(page, title string) bool {
	line, _, _ := strings.Cut(strings.TrimSpace(page), "\n")
	return strings.TrimSpace(line) == title
}

// listed reports whether a page is of a sheet that has parts named as others
// are: the parameters and the method, by the name at the foot.
func listed(page string) bool {
	lines := strings.Split(strings.TrimSpace(page), "\n")
	foot := strings.TrimSpace(lines[len(lines)-1])
	return slices.ContainsFunc([]string{"Parameters", "Параметры", "Method", "Методика"}, func(name string) bool { return strings.HasPrefix(foot, name) })
}

func output(name string, args ...string) ([]byte, error) {
	out, err := exec.Command(name, args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("%s: %w\n%s", name, err, exit.Stderr)
	}
	return out, err
}

// cut returns a page without its white margins and without what is below the
// height, in 256 colours.
func cut(page []byte) ([]byte, error) {
	whole, err := png.Decode(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	area := printed(whole).Inset(-margin).Intersect(whole.Bounds())
	area.Max.Y = min(area.Max.Y, area.Min.Y+height)
	small := image.NewPaletted(image.Rect(0, 0, area.Dx(), area.Dy()), colours(whole, area))
	draw.Draw(small, small.Bounds(), whole, area.Min, draw.Src)
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&b, small)
	return b.Bytes(), err
}

// printed returns the least rectangle that holds all that is not white, but for
// the line at the foot that has the number of the page.
func printed(m image.Image) (area image.Rectangle) {
	b := m.Bounds()
	b.Max.Y -= b.Dy() / 16
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, b, _ := m.At(x, y).RGBA(); min(r, g, b) < 0xf000 {
				area = area.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return area
}

// colours returns the 256 colours that an area has most of.
func colours(m image.Image, area image.Rectangle) color.Palette {
	count := map[color.RGBA]int{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			count[color.RGBAModel.Convert(m.At(x, y)).(color.RGBA)]++
		}
	}
	list := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range list[:min(256, len(list))] {
		palette = append(palette, c)
	}
	return palette
}
