// Package guides holds the documents to what they describe: the two languages to
// one another, links and code to the repository, commands to the programs.
package guides

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// root is the root of the repository.
const root = "../.."

// guides are the documents that there are in English, README.md, and in
// Russian, README.ru.md.
var guides = []string{"", "orders", "report"}

// document is a document in one language.
type document struct {
	path   string // from the root
	blocks []block
}

func read(t *testing.T, path string) document {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return document{path, parse(string(text))}
}

// both returns a guide in English and in Russian.
func both(t *testing.T, dir string) [2]document {
	t.Helper()
	return [2]document{read(t, filepath.Join(dir, "README.md")), read(t, filepath.Join(dir, "README.ru.md"))}
}

// all returns all documents.
func all(t *testing.T) (list []document) {
	t.Helper()
	for _, dir := range guides {
		pair := both(t, dir)
		list = append(list, pair[:]...)
	}
	return list
}

// TestLanguages: a guide says the same in both languages: block by block the same
// headings, tables, lists, commands, code, links and figures.
func TestLanguages(t *testing.T) {
	for _, dir := range guides {
		pair := both(t, dir)
		english, russian := pair[0], pair[1]
		if len(english.blocks) != len(russian.blocks) {
			t.Errorf("%s has %d blocks, %s %d", english.path, len(english.blocks), russian.path, len(russian.blocks))
		}
		for i := range min(len(english.blocks), len(russian.blocks)) {
			e, r := english.blocks[i], russian.blocks[i]
			at := func(what string, x, y any) {
				t.Errorf("%s:%d and %s:%d: %s\n%v\n%v", english.path, e.line, russian.path, r.line, what, x, y)
			}
			switch {
			case e.kind != r.kind:
				t.Fatalf("%s:%d is a %s, %s:%d a %s", english.path, e.line, e.kind, russian.path, r.line, r.kind)
			case e.shape() != r.shape():
				at("another shape", e.shape(), r.shape())
			case !slices.Equal(english.resolved(e), russian.resolved(r)):
				at("other links", english.resolved(e), russian.resolved(r))
			case !strings.HasPrefix(e.kind, "code") && !slices.Equal(e.numbers(), r.numbers()):
				at("other figures", e.numbers(), r.numbers())
			}
		}
	}
}

// resolved returns the targets of a block's links, but for the one to the same
// guide in the other language.
func (d document) resolved(b block) []string {
	return slices.DeleteFunc(b.links(), func(s string) bool { return s == "README.md" })
}

// TestLinks: what a document links to is there, and its pictures are small.
func TestLinks(t *testing.T) {
	for _, d := range all(t) {
		for _, b := range d.blocks {
			for _, m := range link.FindAllStringSubmatch(b.text, -1) {
				info, err := os.Stat(filepath.Join(root, filepath.Dir(d.path), m[1]))
				if err != nil {
					t.Errorf("%s:%d: %v", d.path, b.line, err)
				} else if strings.HasSuffix(m[1], ".png") && info.Size() > 150_000 {
					t.Errorf("%s: %d bytes", m[1], info.Size())
				}
			}
		}
	}
}

// TestCode: Go that a document shows is a part of a program that is tested.
func TestCode(t *testing.T) {
	flat := func(code string) string {
		return regexp.MustCompile(`(?m)^\t*`).ReplaceAllString(code, "\n")
	}
	var sources []string
	for _, dir := range []string{"examples", "report"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" {
				return err
			}
			source, err := os.ReadFile(path)
			sources = append(sources, flat(string(source)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range all(t) {
		for _, b := range d.blocks {
			if b.kind == "code go" && !slices.ContainsFunc(sources, func(s string) bool { return strings.Contains(s, flat(b.text)) }) {
				t.Errorf("%s:%d: no program has this code:\n%s", d.path, b.line, b.text)
			}
		}
	}
}

// bin builds all programs, once, and returns the folder that has them.
var bin = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "guides")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./examples/...", "./internal/company/generate")
	build.Dir = root
	out, err := build.CombinedOutput()
	if err != nil {
		return "", errors.Join(err, errors.New(string(out)))
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if dir, err := bin(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(status)
}

// run runs a program of the repository and returns what it wrote and its status.
func run(t *testing.T, dir, program string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	binaries, err := bin()
	if err != nil {
		t.Fatal(err)
	}
	var out, message bytes.Buffer
	command := exec.CommandContext(t.Context(), filepath.Join(binaries, program), args...)
	command.Dir, command.Stdout, command.Stderr = dir, &out, &message
	if err := command.Run(); err != nil {
		status = command.ProcessState.ExitCode()
	}
	return out.String(), message.String(), status
}

// programs returns the names of the example programs.
func programs(t *testing.T) (names []string) {
	t.Helper()
	mains, err := filepath.Glob(filepath.Join(root, "examples", "*", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mains {
		names = append(names, filepath.Base(filepath.Dir(m)))
	}
	return names
}

// desk returns a folder from which the commands of a document can be given: it
// has the bundled sample, and the same as export.csv.
func desk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	const sample = "testdata/company_1c.csv"
	for _, file := range []struct{ name, from string }{{"go.mod", "go.mod"}, {sample, sample}, {"export.csv", sample}} {
		content, err := os.ReadFile(filepath.Join(root, file.from))
		if err == nil {
			path := filepath.Join(dir, file.name)
			err = errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, content, 0o666))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestCommands gives every command of the documents, in their order, and checks
// what the document says that it answers.
func TestCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs all programs")
	}
	for _, d := range all(t) {
		t.Run(d.path, func(t *testing.T) {
			dir := desk(t)
			for _, b := range d.blocks {
				if b.kind != "code sh" && b.kind != "code console" {
					continue
				}
				for _, step := range b.steps() {
					if out := give(t, dir, step.command); step.answers && out != step.output {
						t.Errorf("%s:%d: %s\nanswers\n%s\nnot\n%s", d.path, b.line, step.command, out, step.output)
					}
				}
			}
		})
	}
}

// give gives a command and returns its answer. What takes long, or changes the
// repository, is only looked up.
func give(t *testing.T, dir, command string) string {
	t.Helper()
	words := strings.Fields(command)
	switch {
	case strings.HasPrefix(command, "go run ./examples/"), strings.HasPrefix(command, "go run ./internal/company/"):
		program := filepath.Base(words[2])
		out, message, status := run(t, dir, program, words[3:]...)
		if status != 0 {
			t.Errorf("%s: status %d\n%s", command, status, message)
		}
		return out
	case words[0] == "mkdir":
		if err := os.MkdirAll(filepath.Join(dir, words[len(words)-1]), 0o777); err != nil {
			t.Error(err)
		}
	case words[0] == "go" || words[0] == "cd" || words[0] == ".ci/run":
		for _, word := range words {
			path := strings.TrimSuffix(word, "/...")
			if !strings.HasPrefix(path, "./") && !strings.HasPrefix(path, "internal/") && !strings.HasPrefix(path, ".ci/") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, path)); err != nil {
				t.Errorf("%s: %v", command, err)
			}
		}
	default:
		t.Errorf("%s: not a command of this repository", command)
	}
	return ""
}

// TestFlags: programs and flags that stand within sentences and tables are there,
// and go with one another.
func TestFlags(t *testing.T) {
	names := programs(t)
	var help strings.Builder
	for _, program := range names {
		_, usage, _ := run(t, ".", program, "-h")
		help.WriteString(usage)
	}
	for _, d := range all(t) {
		for _, b := range d.blocks {
			if strings.HasPrefix(b.kind, "code") {
				continue
			}
			for _, s := range b.spans() {
				words := strings.Fields(s)
				switch {
				case strings.HasPrefix(s, "-") && s != "-h":
					if !strings.Contains(help.String(), "\n  "+words[0]+" ") {
						t.Errorf("%s:%d: no program has a flag %s", d.path, b.line, words[0])
					}
				case len(words) > 1 && slices.Contains(names, words[0]) && !strings.Contains(s, "FILE"):
					// Status 2 is a wrong flag; this file is not there, which is 1.
					if _, message, status := run(t, t.TempDir(), words[0], append(words[1:], "no such export")...); status != 1 {
						t.Errorf("%s:%d: %s: status %d\n%s", d.path, b.line, s, status, message)
					}
				}
			}
		}
	}
}

// TestShares: the repeat shares that the guide to exports names are those of the
// journal of 1C, of a CRM and of a report by months, in this order.
func TestShares(t *testing.T) {
	dir := desk(t)
	if _, message, status := run(t, dir, "generate", "-dir", dir, "-exports"); status != 0 {
		t.Fatal(message)
	}
	share := regexp.MustCompile(`Repeat share (?:from|to) +([0-9.]+)%`)
	var want []string
	for _, export := range []string{"company_1c.csv", "bitrix24.csv", "gross_profit_months.xlsx"} {
		out, message, status := run(t, dir, "repeat", "-lang", "en", export)
		if status != 0 {
			t.Fatal(message)
		}
		for _, m := range share.FindAllStringSubmatch(out, -1) {
			want = append(want, m[1])
		}
	}
	for _, d := range both(t, "orders") {
		last := d.blocks[len(d.blocks)-1]
		var got []string
		for _, m := range regexp.MustCompile(`([0-9]+[.,][0-9]) %`).FindAllStringSubmatch(last.text, -1) {
			got = append(got, strings.Replace(m[1], ",", ".", 1))
		}
		if len(want) != 6 || !slices.Equal(got, want) {
			t.Errorf("%s:%d: %q; the programs say %q", d.path, last.line, got, want)
		}
	}
}

// TestPrograms: the front page lists every program, and none that there is not.
func TestPrograms(t *testing.T) {
	names := programs(t)
	for _, d := range both(t, "") {
		listed := map[string]bool{}
		for _, b := range d.blocks {
			if rows := b.rows; b.kind == "table" && len(rows()[0]) == 3 && span.MatchString(rows()[1][1]) {
				for _, row := range rows()[1:] {
					for _, m := range span.FindAllStringSubmatch(row[1], 1) {
						listed[strings.Fields(m[1])[0]] = true
					}
				}
			}
		}
		for _, name := range names {
			if !listed[name] {
				t.Errorf("%s does not list %s", d.path, name)
			}
		}
		for name := range listed {
			if !slices.Contains(names, name) {
				t.Errorf("%s lists %s, which there is not", d.path, name)
			}
		}
	}
}

// TestSheets: the guide to the workbook explains every sheet that the main
// program writes, by the name that its tab has.
func TestSheets(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes two workbooks")
	}
	for i, d := range both(t, "report") {
		dir := desk(t)
		if _, message, status := run(t, dir, "report", "-lang", []string{"en", "ru"}[i]); status != 0 {
			t.Fatal(message)
		}
		var text strings.Builder
		for _, b := range d.blocks {
			text.WriteString(b.text)
		}
		for _, name := range tabs(t, filepath.Join(dir, "report.xlsx")) {
			if !strings.Contains(text.String(), "| **"+name+"** |") {
				t.Errorf("%s does not explain the sheet %q", d.path, name)
			}
		}
	}
}

// tabs returns the names of the sheets of a workbook.
func tabs(t *testing.T, path string) (names []string) {
	t.Helper()
	book, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	text, err := fs.ReadFile(book, "xl/workbook.xml")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := xml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for _, s := range v.Sheets {
		names = append(names, s.Name)
	}
	return names
}
