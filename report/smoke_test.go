package report_test

import (
	"os"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

func TestSmoke(t *testing.T) {
	dir := os.Getenv("SMOKE")
	if dir == "" {
		t.Skip()
	}
	b := bookOf(t, each(sold()), orders.Options{})
	os.WriteFile(dir+"/ru.xlsx", written(t, b, report.Options{Language: report.Russian, Title: "ООО «Ромашка»: повторные продажи"}), 0o666)
	os.WriteFile(dir+"/en.xlsx", written(t, b, report.Options{}), 0o666)
	os.WriteFile(dir+"/short.xlsx", written(t, whatIf(t), report.Options{Language: report.Russian}), 0o666)
}
