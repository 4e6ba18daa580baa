package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

func TestGradient(t *testing.T) {
	var shapes [][2]int
	for m := 1; m <= 8; m++ {
		for n := 1; n <= 9; n++ {
			shapes = append(shapes, [2]int{m, n})
		}
	}
	shapes = append(shapes, [2]int{48, 16}, [2]int{53, 30}, [2]int{49, 39}, [2]int{50, 72}) // by parts, transposed
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(33, 34))
		const at = 2
		for _, shape := range shapes {
			m, n := shape[0], shape[1]
			for _, k := range []int{1, 7, 8, 9, 26, 128, 133, 261} {
				x, y, q := matrix(rng, m, k, 2), matrix(rng, n, k, 3), matrix(rng, m, (k+1)/2, 1)
				got := matrix(rng, 1, at+m*n+m, 0)
				want := clone(got)
				blas64.Gemm(blas.NoTrans, blas.Trans, 1, x, y, 1, blas64.General{Rows: m, Cols: n, Stride: n, Data: want.Data[at:]})
				for i := range m {
					for _, v := range q.Data[i*q.Stride:][:q.Cols] {
						want.Data[at+m*n+i] += v
					}
				}
				g := NewGradient(at, x, y, q)
				g.Add(got.Data)
				requireClose(t, want, got, 1e-14*float64(k+30), m, n, k)
			}
		}
	}
}

func TestGradientsThatDontFitPanic(t *testing.T) {
	m := func(r, c int) blas64.General {
		return blas64.General{Rows: r, Cols: c, Stride: c, Data: make([]float64, r*c)}
	}
	gradient := NewGradient(1, m(2, 5), m(3, 5), m(2, 4))
	require.NotPanics(t, func() { gradient.Add(make([]float64, 9)) })
	require.Panics(t, func() { gradient.Add(make([]float64, 8)) })
	require.Panics(t, func() { NewGradient(0, m(2, 5), m(3, 4), m(2, 4)) })
	require.Panics(t, func() { NewGradient(0, m(2, 5), m(3, 5), m(3, 4)) })
}

// What is transposed is that, bit by bit; only what rounds rows and columns up is
// written besides.
func TestTranspose(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(35, 36))
		l := lanes[active]
		up := func(n int) int { return (n + l - 1) / l * l }
		for rows := 1; rows <= 17; rows++ {
			for k := 1; k <= 20; k++ {
				from := matrix(rng, rows, k, 3)
				to := matrix(rng, up(k)+1, up(rows)+1, 0)
				was := clone(to)
				transposeRows(to.Data, to.Stride, from.Data, from.Stride, rows, k)
				for i := range to.Rows {
					for j := range to.Cols {
						got := to.Data[i*to.Stride+j]
						switch {
						case i < k && j < rows:
							require.Equal(t, from.Data[j*from.Stride+i], got, "%d by %d: %d, %d", rows, k, i, j)
						case i == up(k) || j == up(rows):
							require.Equal(t, was.Data[i*to.Stride+j], got)
						}
					}
				}
			}
		}
	}
}

func TestDotAndAddScaled(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(37, 38))
		for n := range 50 {
			x, y := matrix(rng, 1, n, 0).Data, matrix(rng, 1, n, 0).Data
			sum, want := 0.0, make([]float64, n)
			for i := range x {
				sum += x[i] * y[i]
				want[i] = y[i] - 0.3*x[i]
			}
			require.InDelta(t, sum, Dot(x, y), 1e-13)
			AddScaled(y, -0.3, x)
			require.InDeltaSlice(t, want, y, 1e-14)
		}
		require.Panics(t, func() { Dot(make([]float64, 2), make([]float64, 1)) })
		require.Panics(t, func() { AddScaled(make([]float64, 2), 1, make([]float64, 1)) })
	}
}
