package guides

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// block is a part of a document: a heading, a paragraph, a list, a table, code.
type block struct {
	kind string // "heading 2", "paragraph", "list", "table", or "code" and its language
	text string
	line int
}

// parse takes a document apart. Of Markdown it knows what the guides use.
func parse(document string) (blocks []block) {
	lines := strings.Split(document, "\n")
	for i := 0; i < len(lines); {
		b := block{line: i + 1}
		if lines[i] == "" {
			i++
			continue
		}
		if language, ok := strings.CutPrefix(lines[i], "```"); ok {
			end := i + 1 + slices.Index(lines[i+1:], "```")
			b.kind, b.text = "code "+language, strings.Join(lines[i+1:end], "\n")
			i = end + 1
		} else {
			start := i
			b.kind = kindOf(lines[i])
			for i++; i < len(lines) && lines[i] != "" && !strings.HasPrefix(lines[i], "```"); i++ {
			}
			b.text = strings.Join(lines[start:i], "\n")
		}
		blocks = append(blocks, b)
	}
	return blocks
}

var numbered = regexp.MustCompile(`^\d+\. `)

func kindOf(line string) string {
	switch {
	case strings.HasPrefix(line, "#"):
		return fmt.Sprint("heading ", len(line)-len(strings.TrimLeft(line, "#")))
	case strings.HasPrefix(line, "|"):
		return "table"
	case strings.HasPrefix(line, "- "):
		return "list"
	case numbered.MatchString(line):
		return "numbered list"
	case strings.HasPrefix(line, "<!--"):
		return "comment"
	}
	return "paragraph"
}

// shape returns what a block has in every language: of a list how many items, of
// a table the cells of each row, of code the text but for the language asked for.
func (b block) shape() string {
	switch {
	case strings.HasPrefix(b.kind, "code go"):
		return b.text
	case strings.HasPrefix(b.kind, "code"):
		return strings.Join(b.commands(), "\n")
	case b.kind == "table":
		var cells []string
		for _, row := range b.rows() {
			cells = append(cells, fmt.Sprint(len(row)))
		}
		return strings.Join(cells, " ")
	case b.kind == "list":
		return fmt.Sprint(strings.Count("\n"+b.text, "\n- "))
	case b.kind == "numbered list":
		return fmt.Sprint(len(regexp.MustCompile(`(?m)^\d+\. `).FindAllString(b.text, -1)))
	}
	return ""
}

// rows returns the rows of a table, the line below the header left out.
func (b block) rows() (rows [][]string) {
	for i, line := range strings.Split(b.text, "\n") {
		if i == 1 {
			continue
		}
		line = strings.ReplaceAll(strings.Trim(line, "|"), `\|`, "\x00")
		var row []string
		for cell := range strings.SplitSeq(line, "|") {
			row = append(row, strings.TrimSpace(strings.ReplaceAll(cell, "\x00", `|`)))
		}
		rows = append(rows, row)
	}
	return rows
}

// commands returns the commands of a block of code, without the flag that asks
// for English, which is not the programs' own language.
func (b block) commands() (list []string) {
	for _, step := range b.steps() {
		list = append(list, strings.Replace(step.command, " -lang en", "", 1))
	}
	return list
}

// step is a command and, in a console, what it answers.
type step struct {
	command, output string
	answers         bool
}

func (b block) steps() (steps []step) {
	for line := range strings.Lines(b.text + "\n") {
		if b.kind == "code sh" {
			steps = append(steps, step{command: strings.TrimSpace(line)})
		} else if command, ok := strings.CutPrefix(line, "$ "); ok {
			steps = append(steps, step{command: strings.TrimSpace(command), answers: true})
		} else if len(steps) > 0 {
			steps[len(steps)-1].output += line
		}
	}
	return steps
}

var (
	link   = regexp.MustCompile(`\]\(([^)]+)\)`)
	span   = regexp.MustCompile("`([^`]+)`")
	number = regexp.MustCompile(`\d+(?:[.,\x{a0} ]\d+)*`)
)

// links returns the targets of a block's links, each as the English document has it.
func (b block) links() (targets []string) {
	for _, m := range link.FindAllStringSubmatch(b.text, -1) {
		targets = append(targets, strings.Replace(m[1], ".ru.", ".", 1))
	}
	return targets
}

// numbers returns the figures of a block in order of size, without the marks
// that part thousands or decimals, which differ from language to language.
func (b block) numbers() []string {
	if b.kind == "numbered list" {
		b.text = regexp.MustCompile(`(?m)^\d+\. `).ReplaceAllString(b.text, "")
	}
	var list []string
	for _, n := range number.FindAllString(link.ReplaceAllString(b.text, ""), -1) {
		list = append(list, strings.NewReplacer(".", "", ",", "", "\u00a0", "", " ", "").Replace(n))
	}
	slices.Sort(list)
	return list
}

// spans returns what a block has in letters of code.
func (b block) spans() (list []string) {
	for _, m := range span.FindAllStringSubmatch(b.text, -1) {
		list = append(list, strings.ReplaceAll(m[1], `\|`, "|"))
	}
	return list
}
