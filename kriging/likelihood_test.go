package kriging

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/diff/fd"
)

// bumps returns m samples of a smooth function of three variables with partials, of
// which some numbers are missing.
func bumps(m int) sbo.Data {
	rng := sbo.Rand(3, "bumps")
	d := sbo.NewData(3, 1, m)
	for i := range m {
		x := d.Point(i)
		for j := range x {
			x[j] = rng.Float64()
		}
		a, b := math.Sin(3*x[0]+x[1]), math.Exp(x[2]-x[1])
		d.Y[i] = a * b
		g := d.PartialsOf(i)
		da := math.Cos(3*x[0] + x[1])
		g[0], g[1], g[2] = 3*da*b, da*b-a*b, a*b
	}
	return d
}

// holes forgets some numbers: partials, columns of them, values.
func holes(d sbo.Data) sbo.Data {
	for i := range d.Len() {
		g := d.PartialsOf(i)
		switch i % 4 {
		case 1:
			g[i%3] = math.NaN()
		case 2:
			for j := range g {
				g[j] = math.NaN()
			}
		}
	}
	return d
}

func unit(nx int) scaling {
	s := scaling{lower: make([]float64, nx), width: make([]float64, nx), std: 1}
	for j := range s.width {
		s.width[j] = 1
	}
	return s
}

func TestLikelihoodGradient(t *testing.T) {
	r := newRows(holes(bumps(9)), Weights{}, 0, unit(3))
	for i := range r.weight {
		r.weight[i] = 1 + float64(i%3)
	}
	for _, kernel := range Kernels() {
		for _, own := range []bool{false, true} {
			p := parameters{nx: 3, own: own, kernel: kernel, trend: 2}
			l := newLikelihood(r, p)
			v := []float64{-1, -0.5, 0.3, -5, -4, -3, -2, -1.2}[:p.len()]
			grad := make([]float64, p.len())
			_, ok := l.evaluate(grad, v)
			require.True(t, ok)
			want := fd.Gradient(nil, func(v []float64) float64 {
				q, ok := l.evaluate(nil, v)
				require.True(t, ok)
				return q.posterior
			}, v, &fd.Settings{Formula: fd.Central})
			require.InDeltaSlice(t, want, grad, 1e-5, "%s %v", kernel, own)
		}
	}
}
