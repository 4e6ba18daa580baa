package report_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"html"
	"image/png"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/report"
	"github.com/sbo-go/sbo/study"
	"github.com/sbo-go/sbo/surrogate"
	"github.com/stretchr/testify/require"
)

// page returns the page of a result, after the checks that hold for every page.
func page(t *testing.T, r *study.Result, o report.Options) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, report.HTML(t.Context(), &out, r, o))
	source := out.String()
	wellFormed(t, source)
	lacks(t, regexp.MustCompile(`(?s)<script>.*?</script>|base64,[^"]*`).ReplaceAllString(source, ""), "NaN")
	lacks(t, source, "ZgotmplZ") // the template refused something
	lacks(t, source, " style=")  // the policy forbids it
	links := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(source, -1)
	for _, l := range links {
		require.Regexp(t, `^(#|data:image/png;base64,)`, l[1], "nothing comes from elsewhere")
	}
	return source
}

// wellFormed checks that tags nest, as a strict parser has it, and that every link
// within the page leads somewhere.
func wellFormed(t *testing.T, source string) {
	t.Helper()
	body := regexp.MustCompile(`(?s)<(style|script)>.*?</(style|script)>`).ReplaceAllString(source, "")
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, []string{"meta"}, xml.HTMLEntity // nesting is checked all the same
	ids, elements := map[string]bool{}, 0
	for {
		token, err := d.Token()
		if err == io.EOF { //nolint:errorlint // xml returns it bare
			break
		}
		require.NoError(t, err)
		if start, ok := token.(xml.StartElement); ok {
			elements++
			for _, a := range start.Attr {
				if a.Name.Local == "id" {
					require.False(t, ids[a.Value], "the id %s is given twice", a.Value)
					ids[a.Value] = true
				}
			}
		}
	}
	require.Greater(t, elements, 30)
	for _, l := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(source, -1) {
		require.True(t, ids[l[1]], "a link leads to %s", l[1])
	}
}

// has checks that a page holds a text, without printing the page.
func has(t *testing.T, source, want string) {
	t.Helper()
	require.True(t, strings.Contains(source, want), "want %q", want) //nolint:testifylint // see above
}

func lacks(t *testing.T, source, unwanted string) {
	t.Helper()
	require.False(t, strings.Contains(source, unwanted), "unwanted %q", unwanted) //nolint:testifylint // see above
}

func pictures(source string) int { return strings.Count(source, `class="picture"`) }

func TestPageOfAStudy(t *testing.T) {
	r := bowlResult(t)
	source := page(t, r, report.Options{})
	for _, id := range []string{"optimum", "convergence", "sensitivity", "contours", "surrogate", "evaluations", "settings"} {
		has(t, source, `<h2 id="`+id+`"`)
	}
	has(t, source, "x1 [mm]")
	has(t, source, "f [kg]")
	has(t, source, "Predictions are honest")
	has(t, source, "study: bowl") // the plan
	require.Equal(t, r.Evaluations.Total, strings.Count(source, "</tr>")-2-1-1-1-1-1-1, "a row of each evaluation, besides four headings, two variables, and a response twice")
	require.Equal(t, 1+1+1+1+2+4, pictures(source), "convergence, rounds, sensitivity, contours; agreement and residuals of f and its two partials")
	require.Equal(t, 1, strings.Count(source, `<tr class="best">`))
	has(t, source, "∂f/∂x1")
}

func TestPageIsTheSameEveryTime(t *testing.T) {
	r := bowlResult(t)
	first := page(t, r, report.Options{})
	require.Equal(t, sha256.Sum256([]byte(first)), sha256.Sum256([]byte(page(t, r, report.Options{}))))
	dated := page(t, r, report.Options{Time: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)})
	require.Contains(t, dated, " on 2026-01-02 03:04 UTC")
	require.NotContains(t, first, "2026")
}

// The policy names the hashes of what is in the page, or a browser would not use it.
func TestPolicyAllowsThePageItself(t *testing.T) {
	source := page(t, fence(t), report.Options{})
	for _, tag := range []string{"style", "script"} {
		inside := regexp.MustCompile(`(?s)<`+tag+`>(.*?)</`+tag+`>`).FindAllStringSubmatch(source, -1)
		require.Len(t, inside, 1)
		sum := sha256.Sum256([]byte(inside[0][1]))
		has(t, html.UnescapeString(source), tag+"-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	has(t, html.UnescapeString(source), "default-src 'none'")
}

// Names are text wherever they stand.
func TestPageEscapesNames(t *testing.T) {
	r := fence(t)
	evil := `<script>alert("x")</script>&amp;`
	r.Problem.Name, r.Why = evil, evil
	r.Problem.Variables[0].Name, r.Problem.Variables[1].Unit = evil, evil
	r.Problem.Responses[0].Name, r.Problem.Responses[1].Unit = evil, evil
	r.History[2].Cause, r.History[6].Reason = evil, evil
	source := page(t, trained(t, r), report.Options{})
	require.Equal(t, 1, strings.Count(source, "<script"), "only our own")
	has(t, source, "&lt;script&gt;alert(")
}

func TestPageWithConstraints(t *testing.T) {
	r := trained(t, fence(t))
	source := page(t, r, report.Options{})
	has(t, source, "violation (relative)")
	has(t, source, "≥ 2")
	has(t, source, "1 % less load (2 → 1.98 kN): weight -0.5 % (-0.02 kg)")
	has(t, source, "load &gt;= 2")                      // the limit crosses the contours
	lacks(t, source, "share &lt;= 0<")                  // this one does not
	has(t, source, "this is its fit, not its accuracy") // seven samples are too few to cross-validate
	has(t, source, "exit status 3")
	has(t, source, `<span class="guess">`) // predicted by the rounds
}

func TestPageOfSparseResults(t *testing.T) {
	tests := []struct {
		name      string
		set       func(r *study.Result) *study.Result
		pictures  int
		has, lack []string
	}{
		{"no model", func(r *study.Result) *study.Result { return r }, 1, []string{"convergence"}, []string{`id="contours"`, `id="sensitivity"`, `id="surrogate"`}},
		{"all failed", func(*study.Result) *study.Result { return failed(t) }, 0, []string{"There is no best point", "no license", "Failures by cause", "<td>evals/3-1"}, []string{`id="contours"`, `id="convergence"`}},
		{"nothing yet", func(r *study.Result) *study.Result { return &study.Result{Problem: r.Problem} }, 0, []string{"not ended"}, []string{`id="convergence"`}},
		{"no partials", func(r *study.Result) *study.Result {
			r.Data.Partials, r.Best.Partials = nil, nil
			r.Certificate = optimize.KKT{Residual: math.NaN()}
			return trained(t, r)
		}, 1 + 1 + 1 + 1 + 8, []string{"Not known: the conditions"}, []string{"Partials of"}},
		{"infeasible", func(r *study.Result) *study.Result {
			r.Best.Feasible, r.Best.Violation = false, 0.5
			r.Best.Y[1] = 1
			return trained(t, r)
		}, 1 + 1 + 1 + 1 + 8 + 8*2, []string{"not feasible: violation 0.5", "No feasible point was found"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			source := page(t, tt.set(fence(t)), report.Options{})
			require.Equal(t, tt.pictures, pictures(source))
			for _, s := range tt.has {
				has(t, source, s)
			}
			for _, s := range tt.lack {
				lacks(t, source, s)
			}
		})
	}
}

// With one variable there is a profile and no plane.
func TestPageOfOneVariable(t *testing.T) {
	p := sbo.Problem{Name: "line", Variables: []sbo.Variable{{Name: "x", Lower: 0, Upper: 2}}, Responses: []sbo.Response{sbo.Maximize("f")}}
	r := &study.Result{Problem: p, Data: sbo.NewData(1, 1, 9)}
	for i := range 9 {
		x := float64(i) / 4
		r.Data.X[i], r.Data.Y[i], r.Data.Partials[i] = x, -(x-1)*(x-1), -2*(x-1)
	}
	r.Best = &study.Best{X: r.Data.Point(4), Y: r.Data.Responses(4), Partials: r.Data.PartialsOf(4), Feasible: true}
	r.Certificate = optimize.ComputeKKT(p, r.Best.X, r.Best.Y, r.Best.Partials)
	r = trained(t, r)
	source := page(t, r, report.Options{})
	has(t, source, `id="sensitivity"`)
	lacks(t, source, `id="contours"`)
	var out bytes.Buffer
	require.NoError(t, report.Picture(&out, r, report.Options{}))
	require.ErrorContains(t, report.HTML(t.Context(), io.Discard, r, report.Options{Contour: []string{"x", "x"}}), "two different variables")
}

func TestContoursOfChosenVariables(t *testing.T) {
	r := trained(t, fence(t))
	source := page(t, r, report.Options{Contour: []string{"b", "a"}})
	has(t, source, "<title>Contours of weight [kg] over b and a [m]</title>")
	err := report.HTML(t.Context(), io.Discard, r, report.Options{Contour: []string{"a", "width"}})
	require.EqualError(t, err, `report: contours over "width": there is no such variable; choose two of ["a" "b"]`)
	require.Error(t, report.Picture(io.Discard, r, report.Options{Contour: []string{"a"}}))
}

// A study of a size where not everything can be drawn stays a page, and says what
// it left out.
func TestPageOfALargeStudy(t *testing.T) {
	const nx, ny, m = 30, 20, 700
	p := sbo.Problem{Name: "large"}
	for j := range nx {
		p.Variables = append(p.Variables, sbo.Variable{Name: fmt.Sprintf("thickness_of_panel_%d", j), Lower: 0, Upper: 1})
	}
	p.Responses = []sbo.Response{sbo.Minimize("mass")}
	for k := 1; k < ny; k++ {
		p.Responses = append(p.Responses, sbo.AtMost(fmt.Sprintf("stress_%d", k), 12))
	}
	r := &study.Result{Problem: p, Data: sbo.NewData(nx, ny, m), Stopped: study.Budget}
	rng := sbo.Rand(1, "large")
	for i := range m {
		x, y := r.Data.Point(i), r.Data.Responses(i)
		for j := range x {
			x[j] = rng.Float64()
			for k := range y {
				y[k] += 0
				r.Data.Partials[r.Data.Partial(i, k, j)] = float64((j+k)%3) + 2*x[j]
			}
		}
		for k := range y {
			y[k] = 0
			for j := range x {
				y[k] += float64((j+k)%3)*x[j] + x[j]*x[j]
			}
		}
		r.IDs = append(r.IDs, i+1)
		r.History = append(r.History, study.Evaluation{ID: i + 1, X: x, Y: y, State: study.Done, Phase: "design"})
	}
	r.Best = &study.Best{ID: 1, X: r.Data.Point(0), Y: r.Data.Responses(0), Partials: r.Data.PartialsOf(0)}
	few := r.Data.Subset([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
	model, summary, err := surrogate.Fit(t.Context(), surrogate.Task{Data: few}, sbo.Rand(1, "fit"), surrogate.Options{Hidden: []int{2}, Trainer: surrogate.LBFGS, Restarts: 1, Iterations: 5})
	require.NoError(t, err)
	r = withModel(r, model, summary)
	source := page(t, r, report.Options{})
	require.Less(t, len(source), 6<<20, "bytes")
	has(t, source, "Drawn are the 8 most influential of 30 variables, and 12 of 20 responses.")
	has(t, source, "Drawn are 12 of 20 responses, the partials of 4 responses by at most 6 variables, 400 of 700 samples; the table counts all.")
	has(t, source, "Shown are the latest 500 of 700 evaluations, and the best")
	require.Equal(t, 1, strings.Count(source, `<tr class="best">`), "the best is the first")
}

func TestPictureIsAPNG(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, report.Picture(&out, bowlResult(t), report.Options{}))
	img, err := png.Decode(&out)
	require.NoError(t, err)
	require.Equal(t, 2*(540+500), img.Bounds().Dx())
	require.Error(t, report.Picture(io.Discard, &study.Result{Problem: fence(t).Problem}, report.Options{}), "nothing to draw")
}

func TestHTMLStopsOnContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, report.HTML(ctx, io.Discard, bowlResult(t), report.Options{}), context.Canceled)
}
