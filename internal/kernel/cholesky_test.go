package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// definite returns a random positive definite matrix of which only the upper
// triangle is filled.
func definite(rng *rand.Rand, n, gap int) blas64.Symmetric {
	a := matrix(rng, 2*n, n, 0)
	c := matrix(rng, n, n, gap)
	s := blas64.Symmetric{N: n, Stride: c.Stride, Uplo: blas.Upper, Data: c.Data}
	blas64.Syrk(blas.Trans, 1, a, 0, s)
	for i := range n {
		s.Data[i*s.Stride+i] += 0.1
		for j := range i {
			s.Data[i*s.Stride+j] = math.NaN()
		}
	}
	return s
}

func general(n, stride int, data []float64) blas64.General {
	return blas64.General{Rows: n, Cols: n, Stride: stride, Data: data}
}

func TestCholeskyInvertSolve(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(5, 6))
		for _, n := range []int{1, 2, 7, 8, 9, 17, 24, 25, 31, 37, 60, 96, 97, 100, 145, 200, 253, 400} {
			a := definite(rng, n, n%3)
			want := a
			want.Data = append([]float64(nil), a.Data...)
			wantU, ok := lapack64.Potrf(want)
			require.True(t, ok)
			u, ok := Cholesky(a)
			require.True(t, ok)
			for i := range n { // what is below the diagonal is zero
				clear(wantU.Data[i*u.Stride : i*u.Stride+i])
			}
			tolerance := 1e-12 * math.Sqrt(float64(n))
			requireClose(t, general(n, u.Stride, wantU.Data), general(n, u.Stride, u.Data), tolerance, n)

			b := matrix(rng, 1, n, 0).Data
			wantB := append([]float64(nil), b...)
			blas64.Trsv(blas.Trans, wantU, blas64.Vector{N: n, Inc: 1, Data: wantB})
			blas64.Trsv(blas.NoTrans, wantU, blas64.Vector{N: n, Inc: 1, Data: wantB})
			Solve(u, b)
			require.InDeltaSlice(t, wantB, b, 1e-9)

			require.True(t, Invert(u))
			require.True(t, lapack64.Trtri(wantU))
			requireClose(t, general(n, u.Stride, wantU.Data), general(n, u.Stride, u.Data), 10*tolerance, n)

			x := matrix(rng, 30, n, 1)
			c := matrix(rng, 30, n, 2)
			MulUpper(c, x, u)
			blas64.Trmm(blas.Right, blas.NoTrans, 1, wantU, x)
			for i := range x.Rows {
				require.InDeltaSlice(t, x.Data[i*x.Stride:][:n], c.Data[i*c.Stride:][:n], 1e-10, "%d", n)
			}
		}
	}
}

func TestCholeskyOfWhatHasNone(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(7, 8))
		for _, n := range []int{1, 8, 20, 150} {
			for _, wrong := range []float64{0, -1, math.NaN(), math.Inf(1)} {
				for _, at := range []int{0, n / 2, n - 1} {
					a := definite(rng, n, 0)
					a.Data[at*n+at] = wrong
					_, ok := Cholesky(a)
					require.False(t, ok, "%v at %d of %d", wrong, at, n)
				}
			}
		}
	}
}

func TestInvertOfWhatHasNone(t *testing.T) {
	u := blas64.Triangular{N: 2, Stride: 2, Uplo: blas.Upper, Diag: blas.NonUnit, Data: []float64{1, 2, 0, 0}}
	require.False(t, Invert(u))
}

func TestGemv(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(9, 10))
		for m := 1; m < 12; m++ {
			for n := 1; n < 40; n++ {
				a := matrix(rng, m, n, 1)
				x, y := matrix(rng, 1, n, 0).Data, matrix(rng, 1, m, 0).Data
				want := append([]float64(nil), y...)
				vector := func(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }
				Gemv(blas.NoTrans, 1, a, x, 0, y)
				blas64.Gemv(blas.NoTrans, 1, a, vector(x), 0, vector(want))
				require.InDeltaSlice(t, want, y, 1e-13, "%dx%d", m, n)
				for _, beta := range []float64{0, 1} {
					want = append([]float64(nil), x...)
					Gemv(blas.Trans, -2, a, y, beta, x)
					blas64.Gemv(blas.Trans, -2, a, vector(y), beta, vector(want))
					require.InDeltaSlice(t, want, x, 1e-12, "%dx%d", m, n)
				}
			}
		}
	}
}

func TestGemvOfNothing(t *testing.T) {
	y := []float64{1, 2}
	Gemv(blas.Trans, 1, blas64.General{Rows: 0, Cols: 2, Stride: 2}, nil, 0, y)
	require.Equal(t, []float64{0, 0}, y)
	y = []float64{1, 2}
	Gemv(blas.NoTrans, 1, blas64.General{Rows: 2, Cols: 0, Stride: 1}, nil, 0, y)
	require.Equal(t, []float64{0, 0}, y)
}
