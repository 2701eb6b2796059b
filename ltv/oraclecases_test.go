package ltv_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/repeatsales/repeatsales/ltv"
)

// within reports whether got is within tolerance of want, relative to it; what is
// below 1e-290 has no digits to compare.
func within(got, want, tolerance float64) bool {
	return got == want || math.Abs(got-want) <= tolerance*math.Abs(want)+1e-290
}

// TestOracleCases holds the models to cases integrated numerically from the
// individual-level likelihoods, in which textbook code is wrong or NaN in a
// quarter.
func TestOracleCases(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "reference", "ltv_oracle_cases.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the cases are not beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	var families map[string]json.RawMessage
	if err := json.Unmarshal(data, &families); err != nil {
		t.Fatal(err)
	}
	models := map[string]func(p []float64) ltv.Process{
		"bgnbd":     func(p []float64) ltv.Process { return ltv.BGNBD{R: p[0], Alpha: p[1], A: p[2], B: p[3]} },
		"mbgnbd":    func(p []float64) ltv.Process { return ltv.MBGNBD{R: p[0], Alpha: p[1], A: p[2], B: p[3]} },
		"paretonbd": func(p []float64) ltv.Process { return ltv.ParetoNBD{R: p[0], Alpha: p[1], S: p[2], Beta: p[3]} },
	}
	checked := 0
	for name, model := range models {
		var cases []map[string]json.RawMessage // a map, for T and t are two keys
		if err := json.Unmarshal(families[name], &cases); err != nil {
			t.Fatal(err)
		}
		for i, c := range cases {
			number := func(key string) float64 {
				var v float64
				if err := json.Unmarshal(c[key], &v); err != nil {
					t.Fatalf("%s %d: %s: %v", name, i, key, err)
				}
				return v
			}
			var params []float64
			if err := json.Unmarshal(c["params"], &params); err != nil {
				t.Fatal(err)
			}
			m := model(params)
			s := ltv.Summary{X: int(number("x")), TX: number("tx"), T: number("T")}
			given := m.Given(s)
			for _, q := range []struct {
				key string
				got float64
			}{
				{"LL", m.LogLikelihood(s)}, {"palive", m.PAlive(s)}, {"palive", given.PAlive},
				{"CET", given.Expected(number("t"))},
			} {
				if want := number(q.key); !within(q.got, want, 1e-6) {
					t.Errorf("%s %d: %v %+v: %s = %v, want %v", name, i, params, s, q.key, q.got, want)
				}
			}
			if c["DERT"] != nil {
				if got, want := given.DERT(number("delta")), number("DERT"); !within(got, want, 1e-6) {
					t.Errorf("%s %d: %v %+v: DERT = %v, want %v", name, i, params, s, got, want)
				}
			}
			checked++
		}
	}
	if checked < 100 {
		t.Errorf("only %d cases", checked)
	}
}
