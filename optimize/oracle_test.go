package optimize_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// A program is a strictly convex quadratic program, min ½ xᵀQx + qᵀx over the
// box [-1, 1]^n under Ax <= b.
type program struct {
	n, m int
	q    *mat.SymDense
	c    []float64
	a    []float64 // m rows of n
	b    []float64
}

func randomProgram(rng *rand.Rand, n, m int) program {
	normal := func(k int) []float64 {
		v := make([]float64, k)
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		return v
	}
	p := program{n: n, m: m, c: normal(n), b: make([]float64, m)}
	root := mat.NewDense(n, n, normal(n*n))
	p.q = mat.NewSymDense(n, nil)
	p.q.SymOuterK(1, root)
	for i := range n {
		p.q.SetSym(i, i, p.q.At(i, i)+0.1)
		p.c[i] *= 2
	}
	p.a = normal(m * n)
	for i := range p.b {
		p.b[i] = 0.3 * rng.Float64() // the origin is feasible
	}
	return p
}

func (p program) cost(x []float64) float64 {
	v := mat.NewVecDense(p.n, x)
	return mat.Inner(v, p.q, v)/2 + mat.Dot(v, mat.NewVecDense(p.n, p.c))
}

func (p program) Evaluate(_ context.Context, y, dydx, x []float64) error {
	v := mat.NewVecDense(p.n, x)
	y[0] = p.cost(x)
	for k := range p.m {
		y[1+k] = mat.Dot(mat.NewVecDense(p.n, p.a[k*p.n:(k+1)*p.n]), v) - p.b[k]
	}
	if dydx != nil {
		g := mat.NewVecDense(p.n, dydx[:p.n])
		g.MulVec(p.q, v)
		g.AddVec(g, mat.NewVecDense(p.n, p.c))
		copy(dydx[p.n:], p.a)
	}
	return nil
}

// oracle tries every set of active bounds and constraints and returns the least
// cost of a feasible point that is stationary with its set held.
func (p program) oracle(t *testing.T) (x []float64, cost float64) {
	t.Helper()
	rows, sides := mat.NewDense(2*p.n+p.m, p.n, nil), make([]float64, 2*p.n+p.m)
	for j := range p.n {
		rows.Set(2*j, j, 1)
		rows.Set(2*j+1, j, -1)
		sides[2*j], sides[2*j+1] = 1, 1
	}
	for k := range p.m {
		rows.SetRow(2*p.n+k, p.a[k*p.n:(k+1)*p.n])
		sides[2*p.n+k] = p.b[k]
	}
	cost = math.Inf(1)
	for set := range 1 << len(sides) {
		var held []int
		for i := range sides {
			if set>>i&1 == 1 {
				held = append(held, i)
			}
		}
		if len(held) > p.n {
			continue
		}
		kkt, rhs := mat.NewDense(p.n+len(held), p.n+len(held), nil), mat.NewVecDense(p.n+len(held), nil)
		kkt.Slice(0, p.n, 0, p.n).(*mat.Dense).Copy(p.q)
		for j := range p.n {
			rhs.SetVec(j, -p.c[j])
		}
		for c, i := range held {
			rhs.SetVec(p.n+c, sides[i])
			for j := range p.n {
				kkt.Set(p.n+c, j, rows.At(i, j))
				kkt.Set(j, p.n+c, rows.At(i, j))
			}
		}
		var z mat.VecDense
		if z.SolveVec(kkt, rhs) != nil {
			continue
		}
		point := z.RawVector().Data[:p.n]
		var ax mat.VecDense
		ax.MulVec(rows, mat.NewVecDense(p.n, point))
		feasible := true
		for i, s := range sides {
			feasible = feasible && ax.AtVec(i) <= s+1e-10
		}
		if feasible && p.cost(point) < cost {
			x, cost = point, p.cost(point)
		}
	}
	return x, cost
}

// Random quadratic programs, against the enumeration of all active sets.
func TestAgainstEnumeration(t *testing.T) {
	rng := sbo.Rand(7, "programs")
	for _, m := range []int{0, 2, 4} {
		for range 25 {
			p := randomProgram(rng, 3, m)
			c := problem("program", fill(3, -1), fill(3, 1), m)
			want, cost := p.oracle(t)
			for _, method := range methods {
				start := c.Box().Place(nil, []float64{rng.Float64(), rng.Float64(), rng.Float64()})
				r, err := optimize.Minimize(t.Context(), c, p, start, optimize.Options{Method: method})
				require.NoError(t, err)
				require.Equal(t, optimize.Converged, r.Status)
				require.InDelta(t, cost, r.Objective, 1e-8)
				require.InDeltaSlice(t, want, r.X, 1e-6)
				require.LessOrEqual(t, r.Violation, 1e-9)
			}
		}
	}
}
