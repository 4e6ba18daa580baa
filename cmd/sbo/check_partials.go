package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// auditRow is one partial, claimed and measured.
type auditRow struct {
	Response    string `json:"response"`
	Variable    string `json:"variable"`
	Claimed     number `json:"claimed"`
	Difference  number `json:"difference"`  // of the values, extrapolated to step 0
	Uncertainty number `json:"uncertainty"` // of the difference
	Verdict     string `json:"verdict"`
	Diagnosis   string `json:"diagnosis,omitempty"` // what a mistake looks like
}

// noiseRow is how much the values of a response scatter.
type noiseRow struct {
	Response string `json:"response"`
	Noise    number `json:"noise"`    // about the amplitude, in the unit of the response
	Relative number `json:"relative"` // the same over the value at the center
}

// The verdicts of an audit.
const (
	agrees     = "agrees"
	wrong      = "WRONG"
	unresolved = "cannot be told" // the values are too noisy, or missing
	undeclared = "not declared"
	missing    = "not delivered"
)

// Settings of the audit.
const (
	auditStep      = 1e-3 // of the width of the bounds, the larger of the two; longer where partials are noisy
	auditTolerance = 1e-3 // relative error of a partial that is let pass
	auditCaution   = 5    // how many times its uncertainty a difference may be off
)

// audit compares the evaluator's partials at the center with central differences
// of its values,
//
//	D(h) = (y(x+h) - y(x-h)) / 2h,
//
// at two steps and extrapolated, (4 D(h/2) - D(h)) / 3 (Richardson), which is
// off by O(h^4) and by the noise.
func (a *app) audit(ctx context.Context, s *study.Study, d *checkDocument) error {
	p := s.Plan().Problem()
	nx := p.NX()
	if !slices.Contains(s.Plan().PartialMask(), true) {
		return usage("the study declares no partials, so there is nothing to compare").hint("partials: true at a response says that the program delivers them")
	}
	step := auditStep
	for _, r := range s.Plan().Responses {
		step = max(step, min(r.PartialsNoise, 0.1)) // the values of such a program have kinks
	}
	trial, err := a.trial(ctx, s, stencil(p.Box(), center(s), step))
	if err != nil {
		return err
	}
	if at := trial[0]; at.State == study.Failed {
		return &study.AllFailedError{Failures: map[string]int{at.Cause: 1}, Example: at}
	}
	mistakes := 0
	seen := claims{problem: p, x: trial[0].X, y: trial[0].Y}
	for k, r := range p.Responses {
		difference, uncertainty, noise := slopes(trial, k, nx)
		seen.claimed, seen.measured = append(seen.claimed, trial[0].Partials[k*nx:(k+1)*nx]), append(seen.measured, difference)
		seen.uncertainty, seen.still = append(seen.uncertainty, uncertainty), append(seen.still, unmoved(trial, k, nx, noise))
		d.Noise = append(d.Noise, noiseRow{r.Name, number(noise), number(noise / math.Abs(trial[0].Y[k]))})
		for j, v := range p.Variables {
			row := auditRow{Response: r.Name, Variable: v.Name, Claimed: number(trial[0].Partials[k*nx+j])}
			row.Difference, row.Uncertainty = number(difference[j]), number(uncertainty[j])
			width := p.Box().Upper[j] - p.Box().Lower[j]
			row.Verdict = judge(float64(row.Claimed), difference[j], uncertainty[j], math.Abs(trial[0].Y[k])/width)
			off := s.Plan().Responses[k].PartialsNoise * steepness(difference, p.Box()) / width
			if math.Abs(float64(row.Claimed)-difference[j]) <= 3*off {
				row.Verdict = agrees // as far as it is said to
			}
			if row.Verdict == missing && !s.Plan().PartialMask()[k*nx+j] {
				row.Verdict = undeclared
			}
			if row.Verdict == wrong {
				mistakes++
			}
			d.Audit = append(d.Audit, row)
		}
	}
	for i := range d.Audit {
		if row := &d.Audit[i]; row.Verdict == wrong {
			row.Diagnosis = seen.explain(i/nx, i%nx)
		}
	}
	if !a.json {
		a.printAudit(d.Audit, d.Noise)
	}
	if mistakes > 0 {
		return fmt.Errorf("%d of %d partials disagree with the values they belong to: %w", mistakes, len(d.Audit), errAudit)
	}
	return nil
}

// steepness returns the root mean square of slopes across the bounds.
func steepness(slope []float64, box sbo.Box) float64 {
	count, squares := 0.0, 0.0
	for j, v := range slope {
		if across := v * (box.Upper[j] - box.Lower[j]); !math.IsNaN(across) {
			count++
			squares += across * across
		}
	}
	return math.Sqrt(squares / max(count, 1))
}

// stencil returns the point and, for every variable, four around it: plus and minus
// the longer step, a share of the bounds, plus and minus half of it.
func stencil(box sbo.Box, x []float64, longer float64) []float64 {
	points := slices.Clone(x)
	for j := range x {
		h := longer * (box.Upper[j] - box.Lower[j])
		for _, step := range []float64{h, -h, h / 2, -h / 2} {
			points = append(points, x...)
			points[len(points)-len(x)+j] += step
		}
	}
	return points
}

// slopes returns the partials of response k from the answers at the stencil, how
// uncertain they are, NaN where an answer is missing, and the noise of the values.
//
// What a smooth function leaves of y(h) - y(-h) - 2 (y(h/2) - y(-h/2)) and of
// y(h) + y(-h) - 4 (y(h/2) + y(-h/2)) + 6 y(0) is of third and fourth order in h;
// noise of size e in each value leaves sqrt(10) e and sqrt(70) e. The largest e
// that any variable shows is taken for the noise of the response, for a single
// variable may show little by chance; it makes the slope uncertain by 1.9 e/h.
func slopes(answers []study.Evaluation, k, nx int) (slope, uncertainty []float64, noise float64) {
	slope, uncertainty = make([]float64, nx), make([]float64, nx)
	for j := range nx {
		y, known := around(answers, k, j)
		slope[j], uncertainty[j] = math.NaN(), math.NaN()
		if !known {
			continue
		}
		at := answers[1+4*j : 5+4*j]
		coarse := (y[0] - y[1]) / (at[0].X[j] - at[1].X[j])
		fine := (y[2] - y[3]) / (at[2].X[j] - at[3].X[j])
		slope[j], uncertainty[j] = (4*fine-coarse)/3, math.Abs(fine-coarse)
		odd := y[0] - y[1] - 2*(y[2]-y[3])
		even := y[0] + y[1] - 4*(y[2]+y[3]) + 6*answers[0].Y[k]
		noise = max(noise, math.Abs(odd)/math.Sqrt(10), math.Abs(even)/math.Sqrt(70))
	}
	for j := range nx {
		h := (answers[1+4*j].X[j] - answers[2+4*j].X[j]) / 2
		uncertainty[j] = max(uncertainty[j], 1.9*noise/h) // max keeps a NaN
	}
	return slope, uncertainty, noise
}

// around returns response k at the four points around the center that belong to
// variable j, and whether all are known.
func around(answers []study.Evaluation, k, j int) (y [4]float64, known bool) {
	for i, e := range answers[1+4*j : 5+4*j] {
		if e.State != study.Done {
			return y, false
		}
		y[i] = e.Y[k]
	}
	return y, true
}

// judge compares a partial with a difference. The scale is the response over the
// width of the variable: rounding errors of the response leave a difference
// uncertain by that times 1e-12 or so, even if the two steps happen to agree.
func judge(claimed, difference, uncertainty, scale float64) string {
	size := max(math.Abs(claimed), math.Abs(difference))
	switch {
	case math.IsNaN(claimed):
		return missing
	case math.IsNaN(difference):
		return unresolved
	case math.Abs(claimed-difference) <= auditTolerance*size+1e-9*scale:
		return agrees
	case math.Abs(claimed-difference) <= auditCaution*uncertainty:
		return unresolved
	}
	return wrong
}

func (a *app) printAudit(rows []auditRow, noise []noiseRow) {
	a.printf("partials at the center of the bounds, and central differences of the values:\n\n")
	t := &table{left: 2, header: []string{"response", "by", "partial", "difference", "+-", "verdict"}}
	unclear := false
	for _, r := range rows {
		t.add(r.Response, r.Variable, short(float64(r.Claimed)), short(float64(r.Difference)), fmt.Sprintf("%.1g", float64(r.Uncertainty)), r.Verdict)
		unclear = unclear || r.Verdict == unresolved
	}
	a.printf("%s\n", t)
	var told []string
	var left []string
	for _, r := range rows {
		if r.Verdict == wrong {
			left = append(left, fmt.Sprintf("%s/%s: 0", r.Response, r.Variable))
		}
		if r.Diagnosis != "" && !slices.Contains(told, r.Diagnosis) {
			told = append(told, r.Diagnosis)
			if strings.Contains(r.Diagnosis, "all partials") || strings.Contains(r.Diagnosis, "the partials of") {
				a.printf("  %s\n", r.Diagnosis)
			} else {
				a.printf("  %s by %s: %s\n", r.Response, r.Variable, r.Diagnosis)
			}
		}
	}
	if len(left) > 0 {
		a.printf("  Until they are mended, leave them out: surrogate: {gamma: {%s}}\n\n", list(left))
	}
	n := &table{left: 1, header: []string{"noise floor", "about", "of the value"}}
	for _, r := range noise {
		n.add(r.Response, fmt.Sprintf("%.1g", float64(r.Noise)), fmt.Sprintf("%.1g", float64(r.Relative)))
	}
	a.printf("%s\n", n)
	if unclear {
		a.printf("Where it cannot be told, the values around the center are missing, too noisy or too\ncurved for a difference to be trusted.\n")
	}
}
