package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/repeatsales/repeatsales/examples/internal/cli"
	"github.com/repeatsales/repeatsales/examples/internal/clitest"
	"github.com/repeatsales/repeatsales/orders"
)

// load is a program that reads its exports and does no more.
func load(args []string, stdout, stderr io.Writer) int {
	job := cli.New("load", "Читает.", "Reads.", args, stdout, stderr)
	return job.Run(func(ctx context.Context) error {
		sales, err := job.Load(ctx)
		if err == nil {
			sales.Release()
		}
		return err
	})
}

// TestBadInput: each bad file is a message in both languages that names the
// file, and the row and the column where there is one, and exit status 1.
func TestBadInput(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder", 0o777); err != nil {
		t.Fatal(err)
	}
	binary := make([]byte, 4096)
	for i := range binary {
		binary[i] = byte(i*i + i>>3)
	}
	files := []struct{ name, content string }{
		{"absent.csv", ""},
		{"folder", ""},
		{"empty.csv", ""},
		{"blank.csv", "\n\n  \n"},
		{"binary.csv", string(binary)},
		{"book.xlsx", "PK\x03\x04" + string(binary)},
		{"page.xls", "<html><body><table><tr><td>1</td></tr></table></body></html>"},
		{"no_date.csv", "customer,revenue\na,1\nb,2\n"},
		{"no_revenue.csv", "date,customer,quantity\n2024-01-01,a,1\n2024-01-02,b,2\n"},
		{"no_header.csv", "2024-01-01,a,1\n2024-01-02,b,2\n"},
		{"only_header.csv", "date,customer,revenue\n"},
		{"totals.csv", "Дата;Клиент;Сумма\nИтого;;3\nВсего;;3\n"},
		{"truncated.csv", "date,customer,revenue\n2024-01-01,a,1\n2024-01-02,b"},
		{"truncated_quote.csv", "date,customer,revenue\n2024-01-01,a,1\n2024-01-02,\"b,2\n"},
		{"endless.csv", strings.Repeat("a", 10_000_000)},
		{"currencies.csv", "date,customer,revenue,currency\n2024-01-01,a,1,RUB\n2024-01-02,b,2,USD\n"},
		{"year.csv", "date,customer,revenue\n2024-01-01,a,1\n20024-01-02,b,2\n2024-01-03,c,3\n"},
		{"numbers.csv", "Дата;Клиент;Сумма\n01.02.2024;a;1,50\n02.02.2024;b;много\n03.02.2024;c;2,50\n"},
	}
	for _, f := range files {
		if f.content == "" && f.name != "empty.csv" {
			continue
		}
		if err := os.WriteFile(f.name, []byte(f.content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, language := range []string{"ru", "en"} {
		var all strings.Builder
		for _, f := range files {
			message := clitest.Fail(t, load, 1, "-lang", language, f.name)
			if !strings.HasPrefix(message, f.name+": ") || strings.Count(message, "\n") != 1 {
				t.Errorf("%s: the message does not begin with the file, or is not one line: %s", f.name, message)
			}
			if strings.Contains(message, "orders:") || strings.Contains(message, "Options.") {
				t.Errorf("%s: the message speaks of Go: %s", f.name, message)
			}
			all.WriteString(message)
		}
		t.Run(language, func(t *testing.T) { golden(t, "bad_input."+language+".txt", all.String()) })
	}
}

// golden compares with a golden file of this folder, wherever the test is.
func golden(t *testing.T, name, got string) {
	t.Helper()
	t.Chdir(home)
	clitest.Golden(t, name, got)
}

var home, _ = os.Getwd()

func TestWrongFlags(t *testing.T) {
	for _, c := range []struct{ args, ru, en string }{
		{"-colour red", "нет такого флага: -colour", "there is no flag -colour"},
		{"-format xml", "флаг -format: значение «xml» не подходит; table|csv|json", `flag -format: value "xml" does not fit; table|csv|json`},
		{"--as-of=31.31.2024", "флаг -as-of: значение «31.31.2024»", `flag -as-of: value "31.31.2024"`},
		{"-set colour=red", "флаг -set: значение «colour=red»", `flag -set: value "colour=red"`},
		{"-cancel ,", "флаг -cancel", "flag -cancel"},
		{"-burn-in -5", "флаг -burn-in", "flag -burn-in"},
		{"-max-rejected 2", "флаг -max-rejected", "flag -max-rejected"},
		{"-as-of", "флагу -as-of нужно значение", "flag -as-of needs a value"},
	} {
		for language, want := range map[string]string{"ru": c.ru, "en": c.en} {
			message := clitest.Fail(t, load, 2, append([]string{"-lang", language}, strings.Fields(c.args)...)...)
			if !strings.HasPrefix(message, want) {
				t.Errorf("%s in %s: %s", c.args, language, message)
			}
		}
	}
}

// TestOptionsAreFlags: an option that the library refuses is said as the flag
// that gave it.
func TestOptionsAreFlags(t *testing.T) {
	message := clitest.Fail(t, load, 2, clitest.Shop, "-history", "complete", "-burn-in", "30")
	if !strings.HasPrefix(message, "флаг -burn-in ") {
		t.Error(message)
	}
}

// TestStrict: -max-rejected 0 ends at the first bad row, which it names.
func TestStrict(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(file, []byte("date,customer,revenue\n"+strings.Repeat("2024-01-01,a,1\n", 100)+"2024-01-02,b,?\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, message := clitest.Run(t, load, file); !strings.Contains(message, "строка 102, столбец 3 «revenue»: не число: «?»") {
		t.Error(message)
	}
	if message := clitest.Fail(t, load, 1, file, "-max-rejected", "0"); message != file+": строка 102, столбец 3 «revenue»: не число: «?»\n" {
		t.Error(message)
	}
}

// TestInterrupt: Ctrl-C ends the work through its context.
func TestInterrupt(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	var message bytes.Buffer
	job := cli.New("test", "", "", []string{"-lang", "en"}, io.Discard, &message)
	status := job.Run(func(ctx context.Context) error {
		if err := self.Signal(os.Interrupt); err != nil {
			t.Skip(err) // Windows
		}
		<-ctx.Done()
		return fmt.Errorf("orders: %w", ctx.Err())
	})
	if status != 1 || message.String() != "Interrupted.\n" {
		t.Errorf("status %d, %q", status, message.String())
	}
}

// TestFlagsAnywhere: flags stand before, between and after the exports, as
// -name value, -name=value and --name, until "--".
func TestFlagsAnywhere(t *testing.T) {
	args := strings.Fields("a.csv -as-of 31.12.2024 b.csv --set=date=Дата -set revenue=Сумма -cancel C,X -cancel=Y -zero purchase -purchase deal -burn-in 30 -max-rejected 0 -- -c.csv")
	job := cli.New("test", "", "", args, io.Discard, io.Discard)
	status := job.Run(func(context.Context) error { return nil })
	o := job.Options
	switch {
	case status != 0:
		t.Fatal("status", status)
	case !slices.Equal(job.Exports, []string{"a.csv", "b.csv", "-c.csv"}):
		t.Errorf("exports %q", job.Exports)
	case o.AsOf.String() != "2024-12-31" || o.Columns[orders.RoleDate] != "Дата" || o.Columns[orders.RoleRevenue] != "Сумма":
		t.Errorf("options %+v", o)
	case !slices.Equal(o.Cancel, []string{"C", "X", "Y"}) || !o.CountZero || o.Purchase != orders.PerDeal || o.BurnIn != 30 || !o.Strict:
		t.Errorf("options %+v", o)
	}
}

func TestHelp(t *testing.T) {
	for language, want := range map[string]string{"ru": "[флаги] [ВЫГРУЗКА…]", "en": "[flags] [EXPORT…]"} {
		_, message := clitest.Run(t, load, "-h", "-lang", language)
		if !strings.Contains(message, want) || !strings.Contains(message, "-max-rejected") {
			t.Errorf("help in %s:\n%s", language, message)
		}
	}
}

// TestSample: without a file the bundled sample is read, from anywhere in the
// module; elsewhere the program says that it is not there.
func TestSample(t *testing.T) {
	_, message := clitest.Run(t, load, "-lang", "en")
	if want := "reading the bundled sample " + filepath.Join("..", "..", "..", "testdata", "company_1c.csv"); !strings.Contains(message, want) {
		t.Errorf("message lacks %q:\n%s", want, message)
	}
	t.Chdir(t.TempDir())
	if message := clitest.Fail(t, load, 1); !strings.Contains(message, "учебного примера") {
		t.Error(message)
	}
}

func table(format string, tables cli.Table) (string, int) {
	var out bytes.Buffer
	job := cli.New("test", "", "", []string{"-format", format}, &out, io.Discard)
	status := job.Run(func(context.Context) error { return job.Print(tables) })
	return out.String(), status
}

// TestFormats: plain numbers for programs, readable ones for people; text that
// a spreadsheet would run is disarmed in CSV, and only there.
func TestFormats(t *testing.T) {
	sample := cli.Table{
		Head:    []cli.Field{{Key: "total", Title: "Итого", Value: 1_234_567 * orders.One}, {Title: "для людей", Value: "да"}, {Key: "codes", Value: int64(1)}},
		Columns: []cli.Column{{Key: "name", Title: "Имя"}, {Key: "sum", Title: "Сумма"}, {Key: "share", Title: "Доля"}, {Key: "flag", Title: "Флаг"}, {Key: "hidden"}, {Title: "Имя для людей"}},
		Rows: [][]any{
			{"=1+1", orders.Amount(-12_345_678), cli.Share(0.25), true, 1, "а"},
			{"-5", orders.Known(orders.One / 2), cli.Share(math.NaN()), false, 2, "б"},
			{"+7 999", orders.NullAmount{}, cli.Share(1), false, 3, "в"},
			{"a\tb\x1b[31m\"", orders.Amount(0), cli.Undefined{}, false, 4, "г"},
		},
	}
	want := map[string]string{
		"csv": "name,sum,share,flag,hidden\n" +
			"'=1+1,-1234.5678,0.25,true,1\n" +
			"-5,0.5,,false,2\n" +
			"'+7 999,,1,false,3\n" +
			"\"a\tb\x1b[31m\"\"\",0,,false,4\n",
		"json": `{
  "header": {
    "total": 1234567,
    "codes": 1
  },
  "rows": [
    {"name":"=1+1","sum":-1234.5678,"share":0.25,"flag":true,"hidden":1},
    {"name":"-5","sum":0.5,"share":null,"flag":false,"hidden":2},
    {"name":"+7 999","sum":null,"share":1,"flag":false,"hidden":3},
    {"name":"a\tb\u001b[31m\"","sum":0,"share":null,"flag":false,"hidden":4}
  ]
}
`,
		"table": "Итого      1\u00a0234\u00a0567,00\n" +
			"для людей  да\n\n" +
			"Имя              Сумма     Доля  Флаг  Имя для людей\n" +
			"=1+1       -1\u00a0234,5678   25,0\u00a0%  да    а\n" +
			"-5                0,50      н/д  нет   б\n" +
			"+7 999             н/д  100,0\u00a0%  нет   в\n" +
			"a b [31m\"         0,00      н/д  нет   г\n",
	}
	for format, want := range want {
		if got, _ := table(format, sample); got != want {
			t.Errorf("%s:\n%s\nwant:\n%s\n%q", format, got, want, got)
		}
	}
}

func TestMoney(t *testing.T) {
	for _, c := range []struct{ in, ru, en string }{
		{"0", "0,00", "0.00"}, {"999", "999,00", "999.00"}, {"-1000", "-1\u00a0000,00", "-1,000.00"},
		{"1234567.8", "1\u00a0234\u00a0567,80", "1,234,567.80"}, {"8911407.904", "8\u00a0911\u00a0407,904", "8,911,407.904"},
		{"-922337203685477.5808", "-922\u00a0337\u00a0203\u00a0685\u00a0477,5808", "-922,337,203,685,477.5808"},
	} {
		a, err := orders.ParseAmount(c.in)
		if err != nil {
			t.Fatal(err)
		}
		if ru, en := cli.Russian.Money(a), cli.English.Money(a); ru != c.ru || en != c.en {
			t.Errorf("%s is %q and %q, want %q and %q", c.in, ru, en, c.ru, c.en)
		}
	}
}

// TestFailedOutput: a disk that is full is a failure.
func TestFailedOutput(t *testing.T) {
	var message bytes.Buffer
	job := cli.New("test", "", "", []string{"-lang", "en"}, full{}, &message)
	status := job.Run(func(context.Context) error {
		return job.Print(cli.Table{Columns: []cli.Column{{Key: "a", Title: "a"}}})
	})
	if status != 1 || !strings.Contains(message.String(), "disk full") {
		t.Errorf("status %d, %s", status, message.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }

// TestJoinedErrors: each of several failures has its own line.
func TestJoinedErrors(t *testing.T) {
	err := fmt.Errorf("abcxyz: %w: Bounds = 3", orders.ErrOptions)
	lines := cli.English.Explain(joined{err, context.Canceled})
	if !slices.Equal(lines, []string{"invalid option: Bounds = 3", "Interrupted."}) {
		t.Errorf("%q", lines)
	}
}

type joined []error

func (j joined) Unwrap() []error { return j }
func (j joined) Error() string   { return j[0].Error() + "\n" + j[1].Error() }
