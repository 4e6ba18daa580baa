package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sbo-go/sbo/report/internal/picture"
	"github.com/sbo-go/sbo/study"
)

// Options says how a page is made. The zero value is a good page.
type Options struct {
	// Contour names the two variables over which contours are drawn. Empty: the
	// two that move the objective and the constraints most.
	Contour []string
	// CrossValidate measures the surrogate by cross-validation also where that
	// takes more than seconds.
	CrossValidate bool
	// Time is the date on the page. Zero: it has none.
	Time time.Time
}

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"number": number, "pretty": pretty, "share": func(v float64) string { return picture.Number(v, 4) }, "brief": brief, "unit": unit, "seconds": seconds, "times": times,
}).Parse(pageHTML))

// HTML writes a page on the result that needs nothing but itself. The errors are
// an unknown variable in the options, that of ctx, which ends the
// cross-validation, and that of w.
func HTML(ctx context.Context, w io.Writer, r *study.Result, o Options) error {
	page, err := newPage(ctx, r, o)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, page); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// page is what the template shows.
type page struct {
	Result          *study.Result
	Name            string
	Policy          string        // what the browser may load: nothing
	Style           template.HTML // element
	Script          template.HTML // element
	Time            string
	Headline        string
	Cards           []card
	Variables       []variableRow
	Responses       []responseRow
	Prices          []price
	Certificate     string
	Next            []string
	Design          []template.HTML
	Convergence     []template.HTML
	How             string // the surrogate was judged
	Panels          []panel
	PanelsNote      string
	Sensitivity     template.HTML
	SensitivityNote string
	Contours        template.HTML
	ContoursNote    string
	Table           table
	Failures        []failure
	Counts          string
	Plan            string
}

// card is one of the facts at the top.
type card struct{ Label, Value, Note string }

func newPage(ctx context.Context, r *study.Result, o Options) (*page, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	samples := course(r)
	weights := influence(r)
	variables, order := variablesByInfluence(r.Problem, weights), responsesByRole(r)
	pair, err := o.pair(r, variables)
	if err != nil {
		return nil, err
	}
	style, script := picture.CSS()+pageCSS, pageJS
	p := &page{
		Result: r, Name: or(r.Problem.Name, "study"), Headline: headline(r),
		Policy: fmt.Sprintf("default-src 'none'; img-src data:; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", digest(style), digest(script)),
		Style:  template.HTML("<style>" + style + "</style>"),    //nolint:gosec // our own text
		Script: template.HTML("<script>" + script + "</script>"), //nolint:gosec // our own text
		Cards:  cards(r), Prices: prices(r), Certificate: certificate(r), Next: next(r),
		Convergence: convergence(r, samples), Failures: failuresOf(r), Counts: countsText(r),
		Variables: variableRows(r, weights), Responses: responseRows(r), Table: newTable(r, samples),
	}
	if !o.Time.IsZero() {
		p.Time = o.Time.Format("2006-01-02 15:04 MST")
	}
	if r.Plan != nil {
		text, err := r.Plan.YAML()
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		p.Plan = string(text)
	}
	if p.Design, err = design(ctx, r); err != nil {
		return nil, err
	}
	if r.Model == nil {
		return p, nil
	}
	h, err := predict(ctx, r, samples, o.CrossValidate)
	if err != nil {
		return nil, err
	}
	p.How = h.How
	p.Panels, p.PanelsNote = agreement(r, h, order, variables)
	if r.Best == nil {
		return p, nil
	}
	p.Sensitivity, p.SensitivityNote = sensitivity(r, order, variables)
	if pair != nil {
		p.Contours = svg(picture.Contours(mapOf(r, samples, r.Problem.Objective(), pair[0], pair[1])))
		p.ContoursNote = contoursNote(r)
	}
	return p, nil
}

// pair returns the variables of the contours, nil if there is only one.
func (o Options) pair(r *study.Result, order []int) ([]int, error) {
	if len(o.Contour) == 0 {
		if len(order) < 2 {
			return nil, nil
		}
		pair := slices.Clone(order[:2])
		slices.Sort(pair)
		return pair, nil
	}
	names := r.Problem.VariableNames()
	var pair []int
	for _, name := range o.Contour {
		j := slices.Index(names, name)
		if j < 0 {
			return nil, fmt.Errorf("report: contours over %q: there is no such variable; choose two of %q", name, names)
		}
		pair = append(pair, j)
	}
	if len(pair) != 2 || pair[0] == pair[1] {
		return nil, fmt.Errorf("report: contours over %q: name two different variables", o.Contour)
	}
	return pair, nil
}

func contoursNote(r *study.Result) string {
	note := "Colors and lines are the last surrogate's."
	if r.Problem.NX() > 2 {
		note = fmt.Sprintf("Colors and lines are the last surrogate's, with all other variables as at the best point. Samples that lie more than %g %% of the box off this plane are faint.", 100*nearby)
	}
	if len(r.Problem.Constraints()) > 0 {
		note += " Hatched is infeasible by the surrogate; a limit that does not cross the picture is not drawn."
	}
	return note
}

// pretty sets the operators of a text as a page can.
func pretty(s string) string {
	return strings.NewReplacer("<=", "≤", ">=", "≥", "->", "→").Replace(s)
}

// digest names a text in a content security policy.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// cards returns the facts at the top of the page.
func cards(r *study.Result) []card {
	var list []card
	if b := r.Best; b != nil {
		goal := r.Problem.Responses[r.Problem.Objective()]
		note := "feasible"
		if !b.Feasible {
			note = "not feasible: violation " + brief(b.Violation)
		} else if len(r.Problem.Constraints()) == 0 {
			note = "evaluation " + fmt.Sprint(b.ID)
		}
		list = append(list, card{"best " + goal.Name, number(b.Y[r.Problem.Objective()]) + unit(goal.Unit), note})
	}
	residual := "not known"
	if k := r.Certificate; k.Known && !math.IsNaN(k.Residual) {
		residual = brief(k.Residual)
	}
	list = append(list,
		card{"KKT residual", residual, "from measured partials"},
		card{"evaluations", fmt.Sprint(r.Evaluations.Total), fmt.Sprintf("%d failed", r.Evaluations.Failed)},
		card{"rounds", fmt.Sprint(len(r.Rounds)), "of infill"},
		card{"time", seconds(r.Seconds.Evaluate + r.Seconds.Fit + r.Seconds.Optimize), fmt.Sprintf("%s of it in evaluations", seconds(r.Seconds.Evaluate))},
	)
	return list
}
