package report

import (
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/report/internal/picture"
	"github.com/sbo-go/sbo/study"
)

const (
	profilePoints = 81
	mapPoints     = 81
	nearby        = 0.1 // distance of a point to a line or plane that still belongs to it, as a fraction of the box
)

// profilesOf returns the profiles of one response by the given variables through
// the best point.
func profilesOf(r *study.Result, k int, variables []int) []picture.Profile {
	p, b := r.Problem, r.Best
	nx := p.NX()
	y, partials := r.Model.Predict(nil, b.X), r.Model.PredictPartials(nil, b.X)
	list := make([]picture.Profile, 0, len(variables))
	for _, j := range variables {
		v := p.Variables[j]
		f := picture.Profile{
			Variable: picture.Label(v.Name, v.Unit), At: b.X[j], Value: y[k], MeasuredY: b.Y[k],
			Slope: partials[k*nx+j], Measured: math.NaN(),
		}
		if b.Partials != nil {
			f.Measured = b.Partials[k*nx+j]
		}
		x := append([]float64(nil), b.X...)
		var at []float64
		for i := range profilePoints {
			t := float64(i) / (profilePoints - 1)
			x[j] = v.Lower*(1-t) + v.Upper*t
			at = r.Model.Predict(at, x)
			f.X, f.Y = append(f.X, x[j]), append(f.Y, at[k])
		}
		for i := range r.Data.Len() {
			if yk := r.Data.Responses(i)[k]; !math.IsNaN(yk) && apart(p.Box(), r.Data.Point(i), b.X, j, j) <= nearby {
				f.NearX, f.NearY = append(f.NearX, r.Data.Point(i)[j]), append(f.NearY, yk)
			}
		}
		list = append(list, f)
	}
	return list
}

// apart returns the largest distance of two points in variables other than i and
// j, as a fraction of the box.
func apart(box sbo.Box, a, b []float64, i, j int) float64 {
	far := 0.0
	for n := range a {
		if n != i && n != j {
			far = max(far, math.Abs(a[n]-b[n])/(box.Upper[n]-box.Lower[n]))
		}
	}
	return far
}

// mapOf returns the map of a response over variables i and j through the best
// point.
func mapOf(r *study.Result, samples []sample, k, i, j int) picture.Map {
	p, b := r.Problem, r.Best
	box := p.Box()
	vx, vy, z := p.Variables[i], p.Variables[j], p.Responses[k]
	m := picture.Map{
		XLabel: picture.Label(vx.Name, vx.Unit), YLabel: picture.Label(vy.Name, vy.Unit), ZLabel: picture.Label(z.Name, z.Unit), Descending: z.Maximize,
	}
	for n := range mapPoints {
		t := float64(n) / (mapPoints - 1)
		m.X, m.Y = append(m.X, vx.Lower*(1-t)+vx.Upper*t), append(m.Y, vy.Lower*(1-t)+vy.Upper*t)
	}
	fillMap(&m, r, k, i, j)
	spot := func(row int) picture.Spot {
		x := r.Data.Point(row)
		return picture.Spot{X: x[i], Y: x[j], Sample: samples[row].Sample, Faint: apart(box, x, b.X, i, j) > nearby}
	}
	for _, n := range thinSamples(samples, 1500) {
		m.Samples = append(m.Samples, spot(n))
	}
	for _, n := range incumbents(r) {
		m.Path = append(m.Path, spot(n))
	}
	m.Best = &picture.Spot{X: b.X[i], Y: b.X[j]}
	return m
}

// fillMap evaluates the surrogate on the grid of a map. The limits on it are
// those that the grid crosses.
func fillMap(m *picture.Map, r *study.Result, k, i, j int) {
	p := r.Problem
	x := append([]float64(nil), r.Best.X...)
	var limits []picture.Limit
	type side struct {
		k     int
		sign  float64
		limit float64
	}
	var sides []side
	for _, c := range p.Constraints() {
		l := p.Responses[c]
		for _, s := range []side{{c, -1, l.Lower}, {c, 1, l.Upper}} {
			if math.IsInf(s.limit, 0) || s.sign > 0 && l.Lower == l.Upper {
				continue
			}
			op := "<="
			if s.sign < 0 {
				op = ">="
			}
			if l.Lower == l.Upper {
				op = "="
			}
			sides = append(sides, side{c, s.sign, s.limit})
			limits = append(limits, picture.Limit{Name: fmt.Sprintf("%s %s %s", l.Name, op, number(s.limit))})
		}
	}
	var y []float64
	for _, x[j] = range m.Y {
		for _, x[i] = range m.X {
			y = r.Model.Predict(y, x)
			m.Z = append(m.Z, y[k])
			if len(sides) > 0 {
				m.Violation = append(m.Violation, excess(p, y))
			}
			for n, s := range sides {
				limits[n].Excess = append(limits[n].Excess, s.sign*(y[s.k]-s.limit))
			}
		}
	}
	for _, l := range limits {
		if crosses(l.Excess) {
			m.Limits = append(m.Limits, l)
		}
	}
}

// excess returns the largest relative excess of the inequality constraints,
// negative inside them, so that its zero is the edge of what is feasible. An
// equality, which hardly any point keeps, does not count.
func excess(p sbo.Problem, y []float64) float64 {
	worst := math.Inf(-1)
	for _, k := range p.Constraints() {
		c := p.Responses[k]
		if c.Lower != c.Upper {
			worst = max(worst, max(c.Lower-y[k], y[k]-c.Upper)/c.Scale())
		}
	}
	return worst
}

func crosses(excess []float64) bool {
	above, below := false, false
	for _, v := range excess {
		above, below = above || v > 0, below || v < 0
	}
	return above && below
}

// thinSamples returns at most so many rows: all infill, and of the design as many
// as there is room for.
func thinSamples(samples []sample, most int) []int {
	var design, infill []int
	for i, s := range samples {
		if s.Infill {
			infill = append(infill, i)
		} else {
			design = append(design, i)
		}
	}
	rows := make([]int, 0, most)
	for _, i := range thin(len(design), max(most-len(infill), most/4)) {
		rows = append(rows, design[i])
	}
	for _, i := range thin(len(infill), most-len(rows)) {
		rows = append(rows, infill[i])
	}
	return rows
}
