package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// sizes are residuals by parameters of small to large trainings.
var sizes = [][2]int{{27, 17}, {60, 37}, {700, 100}, {700, 253}, {2000, 500}, {3000, 1000}}

// both times a kernel and what gonum does for the same, in alternation, and
// reports how many times faster the kernel is: on a machine that others use too,
// only this can be compared.
func both(b *testing.B, flops float64, ours, gonum func()) {
	b.Helper()
	var t [2]time.Duration
	repeats := 1 + int(20_000/flops) // so that reading the clock costs nothing
	for b.Loop() {
		for i, f := range []func(){ours, gonum} {
			start := time.Now()
			for range repeats {
				f()
			}
			t[i] += time.Since(start)
		}
	}
	n := float64(b.N * repeats)
	b.ReportMetric(float64(t[0].Nanoseconds())/n, "ns/ours")
	b.ReportMetric(flops*n/float64(t[0].Nanoseconds()), "GF/s")
	b.ReportMetric(float64(t[1])/float64(t[0]), "x_gonum")
}

func BenchmarkSyrk(b *testing.B) {
	for _, size := range sizes {
		n, p := size[0], size[1]
		b.Run(fmt.Sprintf("%dx%d", n, p), func(b *testing.B) {
			a := matrix(rand.New(rand.NewPCG(1, 1)), n, p, 0)
			c := blas64.Symmetric{N: p, Stride: p, Uplo: blas.Upper, Data: make([]float64, p*p)}
			low := c
			low.Uplo = blas.Lower
			t := blas64.General{Rows: p, Cols: n, Stride: n, Data: make([]float64, n*p)}
			both(b, float64(n*p*(p+1)), func() { Syrk(1, a, 0, c) }, func() {
				for i := range n { // the faster way with gonum
					for j, v := range a.Data[i*p : (i+1)*p] {
						t.Data[j*n+i] = v
					}
				}
				blas64.Syrk(blas.NoTrans, 1, t, 0, low)
			})
		})
	}
}

// decomposition is a positive definite matrix as large as the normal equations of
// a training.
func decomposition(p int) blas64.Symmetric {
	return definite(rand.New(rand.NewPCG(2, 2)), p, 0)
}

func lower(s blas64.Symmetric) blas64.Symmetric { // transposed
	t := blas64.Symmetric{N: s.N, Stride: s.N, Uplo: blas.Lower, Data: make([]float64, s.N*s.N)}
	for i := range s.N {
		for j := range i + 1 {
			t.Data[i*s.N+j] = s.Data[j*s.Stride+i]
		}
	}
	return t
}

func BenchmarkCholesky(b *testing.B) {
	for _, size := range sizes {
		p := size[1]
		b.Run(fmt.Sprint(p), func(b *testing.B) {
			a := decomposition(p)
			low := lower(a)
			u, l := a, low
			u.Data, l.Data = make([]float64, p*p), make([]float64, p*p)
			both(b, float64(p*p*p)/3, func() {
				copy(u.Data, a.Data)
				Cholesky(u)
			}, func() {
				copy(l.Data, low.Data)
				lapack64.Potrf(l)
			})
		})
	}
}

func BenchmarkInvert(b *testing.B) {
	for _, size := range sizes {
		p := size[1]
		b.Run(fmt.Sprint(p), func(b *testing.B) {
			a := decomposition(p)
			low := lower(a)
			u, _ := Cholesky(a)
			l, _ := lapack64.Potrf(low)
			v, w := u, l
			v.Data, w.Data = make([]float64, p*p), make([]float64, p*p)
			both(b, float64(p*p*p)/3, func() {
				copy(v.Data, u.Data)
				Invert(v)
			}, func() {
				copy(w.Data, l.Data)
				lapack64.Trtri(w)
			})
		})
	}
}

func BenchmarkSolve(b *testing.B) {
	for _, size := range sizes {
		p := size[1]
		b.Run(fmt.Sprint(p), func(b *testing.B) {
			a := decomposition(p)
			low := lower(a)
			u, _ := Cholesky(a)
			l, _ := lapack64.Potrf(low)
			from := matrix(rand.New(rand.NewPCG(3, 3)), 1, p, 0).Data
			x := make([]float64, p)
			v := blas64.Vector{N: p, Inc: 1, Data: x}
			both(b, float64(2*p*p), func() {
				copy(x, from)
				Solve(u, x)
			}, func() {
				copy(x, from)
				blas64.Trsv(blas.NoTrans, l, v)
				blas64.Trsv(blas.Trans, l, v)
			})
		})
	}
}

func BenchmarkMulUpper(b *testing.B) {
	for _, size := range sizes {
		n, p := size[0], size[1]
		b.Run(fmt.Sprintf("%dx%d", n, p), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			u, _ := Cholesky(decomposition(p))
			a, c := matrix(rng, n, p, 0), matrix(rng, n, p, 0)
			both(b, float64(n*p*p), func() { MulUpper(c, a, u) }, func() {
				blas64.Trmm(blas.Right, blas.NoTrans, 1, u, c)
			})
		})
	}
}

func BenchmarkGemv(b *testing.B) {
	for _, size := range sizes {
		n, p := size[0], size[1]
		rng := rand.New(rand.NewPCG(1, 1))
		a, x, y := matrix(rng, n, p, 0), matrix(rng, 1, p, 0).Data, matrix(rng, 1, n, 0).Data
		px, py := make([]float64, p), make([]float64, n)
		vector := func(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }
		b.Run(fmt.Sprintf("%dx%d", n, p), func(b *testing.B) {
			both(b, float64(2*n*p), func() { Gemv(blas.NoTrans, 1, a, x, 0, py) }, func() { blas64.Gemv(blas.NoTrans, 1, a, vector(x), 0, vector(py)) })
		})
		b.Run(fmt.Sprintf("%dx%d/transposed", n, p), func(b *testing.B) {
			both(b, float64(2*n*p), func() { Gemv(blas.Trans, 1, a, y, 0, px) }, func() { blas64.Gemv(blas.Trans, 1, a, vector(y), 0, vector(px)) })
		})
	}
}

func BenchmarkFunctions(b *testing.B) {
	z, g := matrix(rand.New(rand.NewPCG(1, 1)), 1, 1024, 0).Data, make([]float64, 1024)
	d1, d2 := make([]float64, 1024), make([]float64, 1024)
	for _, c := range []struct {
		name string
		f    func(g, d1, d2, z []float64)
	}{{"tanh", Tanh}, {"sigmoid", Sigmoid}, {"swish", Swish}, {"softplus", Softplus}, {"sine", Sine}} {
		for _, derivatives := range []bool{false, true} {
			b.Run(fmt.Sprint(c.name, derivatives), func(b *testing.B) {
				first, second := d1, d2
				if !derivatives {
					first, second = nil, nil
				}
				var t [2]time.Duration
				was := active
				for b.Loop() {
					for i, l := range []level{was, levelGo} {
						active = l
						start := time.Now()
						c.f(g, first, second, z)
						t[i] += time.Since(start)
					}
				}
				active = was
				b.ReportMetric(float64(t[0].Nanoseconds())/float64(b.N*len(z)), "ns/element")
				b.ReportMetric(float64(t[1])/float64(t[0]), "x_go")
			})
		}
	}
}
