package report_test

import (
	"context"
	"os"
	"testing"

	"github.com/repeatsales/repeatsales/orders"
	"github.com/repeatsales/repeatsales/report"
)

func TestSmoke(t *testing.T) {
	b := bookOf(t, each(sold()), orders.Options{})
	dir := os.Getenv("SMOKE")
	if err := report.WriteFile(context.Background(), dir+"/ru.xlsx", b, report.Options{Language: report.Russian, Title: "ООО «Ромашка»: повторные продажи"}); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteFile(context.Background(), dir+"/en.xlsx", b, report.Options{}); err != nil {
		t.Fatal(err)
	}
}
