package problems

import (
	"context"
	"fmt"

	"github.com/sbo-go/sbo/problems/airfoil"
)

// portrait is what is drawn of a section.
type portrait struct {
	name    string
	before  bool
	section *airfoil.Section
	solver  airfoil.Solver
}

// airfoilCharts returns what draws a design of the benchmark beside NACA 2412: the
// section, its pressures, and its polar in each condition.
func airfoilCharts(b airfoil.Benchmark) func(ctx context.Context, x []float64) ([][]Chart, error) {
	return func(ctx context.Context, x []float64) ([][]Chart, error) {
		naca := airfoil.NACA4{Camber: 0.02, Position: 0.4, Thickness: 0.12}
		both := []*portrait{
			{name: naca.String(), before: true, section: naca.Section(airfoil.Panels)},
			{name: "best design", section: airfoil.Design(x).Section(airfoil.Panels)},
		}
		outlines := Chart{Title: "Section", X: "x/c", Y: "y/c", True: true}
		for _, p := range both {
			if err := p.solver.Load(p.section); err != nil {
				return nil, err
			}
			n := len(p.section.X)
			c := p.curve(n + 1) // closed
			for i := range c.X {
				c.X[i], c.Y[i] = p.section.X[i%n], p.section.Y[i%n]
			}
			outlines.Curves = append(outlines.Curves, c)
		}
		rows := [][]Chart{{outlines}}
		if len(b.Conditions) == 0 { // the pressures are what counts
			return append(rows, []Chart{inviscidPressures(both, x[len(x)-1])}), nil
		}
		var pressures, polars, moments []Chart
		for _, at := range b.Conditions {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			cp, polar, moment, err := inCondition(both, at)
			if err != nil {
				return nil, err
			}
			pressures, polars, moments = append(pressures, cp), append(polars, polar), append(moments, moment)
		}
		if len(b.Conditions) == 1 {
			return append(rows, []Chart{pressures[0], polars[0], moments[0]}), nil
		}
		return append(rows, pressures, polars), nil
	}
}

// curve returns a curve of the section with room for n points.
func (p *portrait) curve(n int) Curve {
	return Curve{Name: p.name, Before: p.before, X: make([]float64, n), Y: make([]float64, n)}
}

func inviscidPressures(both []*portrait, alpha float64) Chart {
	c := Chart{Title: "Pressures", X: "x/c", Y: "Cp", Down: true}
	for _, p := range both {
		line := p.curve(len(p.section.X))
		copy(line.X, p.section.X)
		at := alpha
		if p.before {
			at = 2 // the pressures that are looked for
		}
		p.solver.Inviscid(0, at, line.Y, nil)
		c.Curves = append(c.Curves, line)
	}
	return c
}

// inCondition returns pressures, lift by drag, and moment by lift, in a condition and
// around it. What is asked for there is marked.
func inCondition(both []*portrait, at airfoil.Condition) (pressures, polar, moment Chart, err error) {
	const less, step, angles = -5.5, 0.25, 41 // degrees from that of the condition
	pressures = Chart{Title: fmt.Sprintf("Pressures at CL %g", at.Lift), X: "x/c", Y: "Cp", Down: true}
	polar = Chart{Title: fmt.Sprintf("Polar at Mach %g, Reynolds %g million", at.Mach, at.Reynolds/1e6), X: "CD", Y: "CL"}
	moment = Chart{Title: "Moment about the quarter chord", X: "CL", Y: "CM"}
	for _, p := range both {
		r, err := p.solver.Trim(at.Flow(), at.Lift, nil)
		if err != nil {
			return pressures, polar, moment, err
		}
		cp, drag, pitch := p.curve(len(p.section.X)), p.curve(0), p.curve(0)
		copy(cp.X, p.section.X)
		p.solver.Pressures(cp.Y)
		for i := range angles {
			r, err := p.solver.Analyze(at.Flow(), r.Alpha+less+step*float64(i), nil)
			if err != nil {
				continue // past the largest lift
			}
			drag.X, drag.Y = append(drag.X, r.CD), append(drag.Y, r.CL)
			pitch.X, pitch.Y = append(pitch.X, r.CL), append(pitch.Y, r.CM)
		}
		pressures.Curves = append(pressures.Curves, cp)
		polar.Curves = append(polar.Curves, drag, Curve{X: []float64{r.CD}, Y: []float64{r.CL}, Before: p.before, Points: true})
		moment.Curves = append(moment.Curves, pitch, Curve{X: []float64{r.CL}, Y: []float64{r.CM}, Before: p.before, Points: true})
	}
	return pressures, polar, moment, nil
}
