package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/sbo-go/sbo/report/internal/picture"
	"github.com/sbo-go/sbo/study"
	"github.com/sbo-go/sbo/surrogate"
)

// What a page shows of a large study; beyond, it says what it left out.
const (
	mostProfileVariables = 8
	mostProfileResponses = 12
	mostAgreements       = 12  // responses
	mostPartialResponses = 4   // of which partials are drawn
	mostPartialVariables = 6   // of them
	mostPoints           = 400 // in a small picture
	mostRows             = 500 // of the table of evaluations
)

// svg is a figure as part of the page. It is written by our own canvas, which
// escapes the names in it.
func svg(f picture.Figure) template.HTML {
	return template.HTML(f.SVG()) //nolint:gosec // see above
}

// convergence draws the course of the study, nothing if no evaluation has an
// answer.
func convergence(r *study.Result, samples []sample) []template.HTML {
	if r.Data.Answered().Len() == 0 {
		return nil
	}
	figures := []template.HTML{svg(picture.Convergence(courseOf(r, samples)))}
	var disagreement, residual []float64
	known := false
	for _, round := range r.Rounds {
		disagreement = append(disagreement, round.Disagreement)
		kkt := math.NaN()
		if round.KKT.Known {
			kkt = round.KKT.Residual
		}
		residual = append(residual, kkt)
		known = known || !math.IsNaN(round.Disagreement) || round.KKT.Known
	}
	if known {
		figures = append(figures, svg(picture.Rounds(disagreement, residual)))
	}
	return figures
}

// panel is the pictures and the accuracy of one response.
type panel struct {
	Name     string
	Role     string
	Accuracy surrogate.Accuracy
	Partials *surrogate.Accuracy // the worst of its partials that vary; nil if none is known
	Worst    string              // the variable of that
	Pictures []template.HTML
	Slopes   []template.HTML
}

// agreement draws, for each response in order, actual by predicted values and
// partials. It returns a note on what was left out.
func agreement(r *study.Result, h heldOut, order, variables []int) (panels []panel, note string) {
	p := r.Problem
	rows := thin(r.Data.Len(), mostPoints)
	pairs := func(actual, predicted []float64, column, stride int, infill bool) []picture.Pair {
		var list []picture.Pair
		for _, i := range rows {
			a, f := actual[i*stride+column], predicted[i*stride+column]
			if !math.IsNaN(a) && !math.IsNaN(f) {
				list = append(list, picture.Pair{Predicted: f, Actual: a, Infill: infill && h.infill[i]})
			}
		}
		return list
	}
	for n, k := range order {
		c := p.Responses[k]
		one := panel{Name: c.Name, Role: c.Wanted(), Accuracy: h.accuracy.Values[k]}
		if list := pairs(r.Data.Y, h.Y, k, p.NY(), true); n < mostAgreements && len(list) > 0 {
			one.Pictures = []template.HTML{svg(picture.Agreement(c.Name, c.Unit, list)), svg(picture.Residuals(c.Name, c.Unit, list))}
		}
		for m, j := range variables {
			a := h.accuracy.Partials[k][j]
			if a.N == 0 {
				continue
			}
			if !math.IsInf(a.NRMSE, 0) && (one.Partials == nil || a.NRMSE > one.Partials.NRMSE) {
				one.Partials, one.Worst = &a, p.Variables[j].Name
			}
			if n < mostPartialResponses && m < mostPartialVariables {
				name := "∂" + c.Name + "/∂" + p.Variables[j].Name
				list := pairs(r.Data.Partials, h.Partials, r.Data.Partial(0, k, j), p.NY()*p.NX(), false)
				one.Slopes = append(one.Slopes, svg(picture.Agreement(name, "", list)), svg(picture.Residuals(name, "", list)))
			}
		}
		panels = append(panels, one)
	}
	return panels, omitted(r, panels)
}

// omitted says what the pictures of agreement leave out.
func omitted(r *study.Result, panels []panel) string {
	var parts []string
	if len(panels) > mostAgreements {
		parts = append(parts, fmt.Sprintf("%d of %s", mostAgreements, plural(len(panels), "response")))
	}
	if r.Data.HasPartials() && (len(panels) > mostPartialResponses || r.Problem.NX() > mostPartialVariables) {
		parts = append(parts, fmt.Sprintf("the partials of %d responses by at most %d variables", min(len(panels), mostPartialResponses), mostPartialVariables))
	}
	if r.Data.Len() > mostPoints {
		parts = append(parts, fmt.Sprintf("%d of %s", mostPoints, plural(r.Data.Len(), "sample")))
	}
	if parts == nil {
		return ""
	}
	return "Drawn are " + strings.Join(parts, ", ") + "; the table counts all."
}

// sensitivity draws the profiles of the responses in order.
func sensitivity(r *study.Result, order, variables []int) (figure template.HTML, note string) {
	if len(order) > mostProfileResponses || len(variables) > mostProfileVariables {
		note = fmt.Sprintf("Drawn are the %d most influential of %s, and %d of %s.", min(len(variables), mostProfileVariables), plural(len(variables), "variable"),
			min(len(order), mostProfileResponses), plural(len(order), "response"))
	}
	variables, order = variables[:min(len(variables), mostProfileVariables)], order[:min(len(order), mostProfileResponses)]
	var rows []picture.Profiles
	for _, k := range order {
		c := r.Problem.Responses[k]
		rows = append(rows, picture.Profiles{Response: picture.Label(c.Name, c.Unit), Lower: c.Lower, Upper: c.Upper, By: profilesOf(r, k, variables)})
	}
	return svg(picture.Sensitivity(rows)), note
}
