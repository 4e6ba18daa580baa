package report

import (
	"context"
	"html/template"

	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/report/internal/picture"
	"github.com/sbo-go/sbo/study"
)

// design draws what the built-in problem has to show of the best design, a figure for
// each row of charts; nothing if it has nothing, or if somebody else evaluates. The
// error is that of ctx.
func design(ctx context.Context, r *study.Result) ([]template.HTML, error) {
	if r.Best == nil || r.Plan == nil || r.Plan.Evaluator.Problem == "" {
		return nil, nil
	}
	p, err := problems.Lookup(r.Plan.Evaluator.Problem)
	if err != nil || p.NX() != len(r.Best.X) {
		return nil, nil //nolint:nilerr // a plan made by hand; there is nothing to show
	}
	rows, err := p.Charts(ctx, r.Best.X)
	if err != nil {
		return nil, ctx.Err() // of a design that has answers; whatever it is, the page does without
	}
	var figures []template.HTML
	for _, row := range rows {
		var charts []picture.Chart
		for _, c := range row {
			one := picture.Chart{Title: c.Title, X: c.X, Y: c.Y, True: c.True, Down: c.Down}
			for _, l := range c.Curves {
				one.Lines = append(one.Lines, picture.Line(l))
			}
			charts = append(charts, one)
		}
		figures = append(figures, svg(picture.Charts(charts)))
	}
	return figures, nil
}
