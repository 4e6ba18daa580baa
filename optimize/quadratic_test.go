package optimize

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/sbo-go/sbo"
)

// TestQuadratic compares with trying every set of rows that may hold: the minimizer is that of
// the one set with which all rows hold and none pulls.
func TestQuadratic(t *testing.T) {
	const n, rows = 4, 7
	for seed := range uint64(60) {
		for equal := range 3 {
			t.Run(fmt.Sprintf("seed %d, %d equalities", seed, equal), func(t *testing.T) {
				rng := sbo.Rand(seed, "quadratic")
				number := func() float64 { return rng.NormFloat64() }
				q := &quadratic{b: mat.NewSymDense(n, nil), gradient: make([]float64, n), equal: equal}
				for range n + 1 {
					v := mat.NewVecDense(n, nil)
					for i := range n {
						v.SetVec(i, number())
					}
					q.b.SymRankOne(q.b, 1, v)
				}
				for j := range q.gradient {
					q.gradient[j] = 3 * number()
				}
				for range rows {
					row := make([]float64, n)
					for j := range row {
						row[j] = number()
					}
					q.rows, q.slack = append(q.rows, row), append(q.slack, number())
				}
				p, force, ok := q.solve()
				want := bySets(q)
				require.Equal(t, want != nil, ok)
				if !ok {
					return
				}
				rounding := 1e-9 * (1 + floats.Norm(want, math.Inf(1)))
				require.InDeltaSlice(t, want, p, rounding)
				balance := mat.NewVecDense(n, nil)
				balance.MulVec(q.b, mat.NewVecDense(n, p))
				for i, f := range force {
					balance.AddScaledVec(balance, -f, mat.NewVecDense(n, q.rows[i]))
				}
				floats.Add(balance.RawVector().Data, q.gradient)
				require.InDelta(t, 0, mat.Norm(balance, math.Inf(1)), rounding, "Bp + g = sum of forces")
			})
		}
	}
}

// bySets solves the problem by trying all sets of rows, or returns nil.
func bySets(q *quadratic) []float64 {
	n := len(q.gradient)
	for set := range 1 << (len(q.rows) - q.equal) {
		var held []int
		for i := range q.rows {
			if i < q.equal || set>>(i-q.equal)&1 == 1 {
				held = append(held, i)
			}
		}
		m := mat.NewDense(n+len(held), n+len(held), nil)
		b := mat.NewVecDense(n+len(held), nil)
		for i := range n {
			for j := range n {
				m.Set(i, j, q.b.At(i, j))
			}
			b.SetVec(i, -q.gradient[i])
		}
		for c, i := range held {
			for j, v := range q.rows[i] {
				m.Set(j, n+c, -v)
				m.Set(n+c, j, v)
			}
			b.SetVec(n+c, -q.slack[i])
		}
		x := mat.NewVecDense(n+len(held), nil)
		if len(held) > n || x.SolveVec(m, b) != nil {
			continue
		}
		p := x.RawVector().Data
		right := true
		for i, row := range q.rows {
			right = right && (i < q.equal || floats.Dot(row, p[:n])+q.slack[i] > -1e-9)
		}
		for c, i := range held {
			right = right && (i < q.equal || p[n+c] > -1e-9)
		}
		if right {
			return p[:n]
		}
	}
	return nil
}

// Rows that repeat each other change nothing, and those that contradict each other are met as far
// as they can be.
func TestQuadraticRows(t *testing.T) {
	unit := mat.NewSymDense(2, []float64{1, 0, 0, 1})
	q := &quadratic{b: unit, gradient: []float64{0, 0}, rows: [][]float64{{1, 1}, {1, 1}, {2, 2}, {1, 0}}, slack: []float64{-2, -2, -4, -1}, equal: 2}
	p, _, ok := q.solve()
	require.True(t, ok)
	require.InDeltaSlice(t, []float64{1, 1}, p, 1e-12)

	q = &quadratic{b: unit, gradient: []float64{0, 0}, rows: [][]float64{{1, 0}, {-1, 0}, {0, 1}}, slack: []float64{-1, -1, 5}}
	_, _, ok = q.solve()
	require.False(t, ok, "1 <= x <= -1")
	p, _, ok = q.relaxed(2)
	require.True(t, ok)
	require.InDelta(t, 1, p[2], 1e-3, "both violations stay as they are")
	require.InDeltaSlice(t, []float64{0, 0}, p[:2], 1e-3)
}

// Numbers that are not finite have no solution, wherever they are.
func TestQuadraticNotFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for place := range 5 {
			for equal := range 3 {
				q := &quadratic{
					b: mat.NewSymDense(2, []float64{1, 0, 0, 1}), gradient: []float64{1, -1},
					rows: [][]float64{{1, 1}, {1, -1}}, slack: []float64{-2, 0.5}, equal: equal,
				}
				switch place {
				case 0:
					q.b.SetSym(0, 1, bad)
				case 1:
					q.gradient[1] = bad
				case 2:
					q.rows[0][1] = bad
				case 3:
					q.rows[1][0] = bad
				case 4:
					q.slack[0] = bad
				}
				_, _, ok := q.solve()
				require.False(t, ok, "%v at place %d", bad, place)
			}
		}
	}
}
