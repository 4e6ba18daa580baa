package problems

import (
	"context"
	"fmt"
)

// Chart is a picture of what a design is, as numbers for others to draw: what tells
// people more than its variables and responses do.
type Chart struct {
	Title  string
	X, Y   string // what the axes are, with their units
	Curves []Curve
	True   bool // lengths along both axes are drawn alike, as in a drawing
	Down   bool // y grows downward
}

// Curve is a line of a chart, or single points.
type Curve struct {
	Name   string // the same in all charts of one thing; "" if the legend need not have it
	X, Y   []float64
	Before bool // it is of what the design is compared with
	Points bool // they are points, not joined by a line
}

// Charts returns what there is to be seen of a design x, in rows of charts that
// belong side by side; nothing of problems that are formulas. It panics if the length
// is wrong. The error is that of a simulation, or of ctx.
func (p Problem) Charts(ctx context.Context, x []float64) ([][]Chart, error) {
	if len(x) != p.NX() {
		panic(fmt.Sprintf("problems: %s takes %d variables, not %d", p.Name, p.NX(), len(x)))
	}
	if err := ctx.Err(); err != nil || p.charts == nil {
		return nil, err
	}
	return p.charts(ctx, x)
}
