package kernel

import (
	"iter"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// eachLevel goes over every version that this processor can run.
func eachLevel(t *testing.T) iter.Seq[string] {
	t.Helper()
	was := active
	return func(yield func(string) bool) {
		defer func() { active = was }()
		for l := levelGo; l <= best(); l++ {
			active = l
			t.Log(levelNames[l])
			if !yield(levelNames[l]) {
				return
			}
		}
	}
}

// matrix returns a random matrix with room between its rows, filled with NaN, that
// no kernel may read into its results.
func matrix(rng *rand.Rand, rows, cols, gap int) blas64.General {
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols + gap}
	m.Data = make([]float64, max(0, (rows-1)*m.Stride+cols))
	for i := range m.Data {
		m.Data[i] = math.NaN()
	}
	for i := range rows {
		for j := range cols {
			m.Data[i*m.Stride+j] = rng.NormFloat64()
		}
	}
	return m
}

func clone(m blas64.General) blas64.General {
	m.Data = append([]float64(nil), m.Data...)
	return m
}

func requireClose(t *testing.T, want, got blas64.General, tolerance float64, context ...any) {
	t.Helper()
	for i := range want.Rows {
		for j := range want.Cols {
			w, g := want.Data[i*want.Stride+j], got.Data[i*got.Stride+j]
			if math.Abs(w-g) > tolerance || math.IsNaN(w) != math.IsNaN(g) {
				require.Failf(t, "differs", "row %d, column %d: want %v, got %v; %v", i, j, w, g, context)
			}
		}
	}
	for i := range want.Data { // nothing was written between the rows
		if i%want.Stride >= want.Cols {
			require.True(t, math.IsNaN(got.Data[i]), "element %d", i)
		}
	}
}

func TestChoose(t *testing.T) {
	require.Equal(t, levelAVX512, choose("", levelAVX512))
	require.Equal(t, levelAVX2, choose("avx2", levelAVX512))
	require.Equal(t, levelGo, choose("go", levelAVX512))
	require.Equal(t, levelGo, choose("avx512", levelGo), "what the processor lacks can't be had")
	require.Equal(t, levelAVX2, choose("sse", levelAVX2))
	require.Contains(t, levelNames, Name())
}

func TestGemm(t *testing.T) {
	transposes := []blas.Transpose{blas.NoTrans, blas.Trans}
	check := func(t *testing.T, rng *rand.Rand, ta, tb blas.Transpose, m, n, k, gap int, alpha, beta float64) {
		t.Helper()
		a, b := matrix(rng, m, k, gap), matrix(rng, k, n, gap)
		if ta == blas.Trans {
			a = matrix(rng, k, m, gap)
		}
		if tb == blas.Trans {
			b = matrix(rng, n, k, gap)
		}
		want := matrix(rng, m, n, gap)
		got := clone(want)
		Gemm(ta, tb, alpha, a, b, beta, got)
		blas64.Gemm(ta, tb, alpha, a, b, beta, want)
		requireClose(t, want, got, 1e-13*float64(k+10), ta, tb, m, n, k, alpha, beta)
	}
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(1, 2))
		for _, ta := range transposes {
			for _, tb := range transposes {
				for m := 1; m <= 18; m++ { // every remainder of a tile
					for n := 1; n <= 50; n++ {
						check(t, rng, ta, tb, m, n, 1+(m+n)%7, m%2, 1, float64(n%2))
					}
				}
				for _, size := range [][3]int{{400, 61, 400}, {33, 70, 193}, {100, 100, 100}, {5, 300, 385}, {1, 1, 1000}, {3, 4, 0}, {0, 4, 3}, {4, 0, 3}} {
					for _, ab := range [][2]float64{{1, 0}, {-1, 1}, {0.5, -2}} {
						check(t, rng, ta, tb, size[0], size[1], size[2], 3, ab[0], ab[1])
					}
				}
			}
		}
	}
}

func TestGemmOfOddNumbers(t *testing.T) {
	odd := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, -3e-310, 1e308}
	for range eachLevel(t) {
		for _, v := range odd {
			for place := range 30 {
				a := blas64.General{Rows: 1, Cols: 2, Stride: 2, Data: []float64{1, 2}}
				b := blas64.General{Rows: 2, Cols: 30, Stride: 30, Data: make([]float64, 60)}
				b.Data[place] = v
				c := blas64.General{Rows: 1, Cols: 30, Stride: 30, Data: make([]float64, 30)}
				Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, c)
				for j, got := range c.Data {
					want := 0.0
					if j == place {
						want = v
					}
					if math.IsNaN(want) {
						require.True(t, math.IsNaN(got))
					} else {
						require.Equal(t, want, got, "%v at %d", v, place)
					}
				}
			}
		}
	}
}

func TestSyrk(t *testing.T) {
	for range eachLevel(t) {
		rng := rand.New(rand.NewPCG(3, 4))
		for _, size := range [][2]int{{27, 17}, {1, 1}, {3, 25}, {500, 50}, {200, 300}, {30, 401}, {1000, 97}, {0, 5}} {
			for _, beta := range []float64{0, 1} {
				n, p := size[0], size[1]
				a := matrix(rng, n, p, 2)
				want := matrix(rng, p, p, 0)
				got := clone(want)
				Syrk(1.5, a, beta, blas64.Symmetric{N: p, Stride: p, Uplo: blas.Upper, Data: got.Data})
				blas64.Syrk(blas.Trans, 1.5, a, beta, blas64.Symmetric{N: p, Stride: p, Uplo: blas.Upper, Data: want.Data})
				for i := range p {
					copy(got.Data[i*p:i*p+i], want.Data[i*p:]) // below the diagonal
				}
				requireClose(t, want, got, 1e-13*float64(n+10), n, p, beta)
			}
		}
	}
}

func TestShapesThatDontFitPanic(t *testing.T) {
	m := func(r, c int) blas64.General {
		return blas64.General{Rows: r, Cols: c, Stride: c, Data: make([]float64, r*c)}
	}
	short := m(3, 3)
	short.Data = short.Data[:8]
	require.Panics(t, func() { Gemm(blas.NoTrans, blas.NoTrans, 1, m(2, 3), m(2, 3), 0, m(2, 3)) })
	require.Panics(t, func() { Gemm(blas.NoTrans, blas.NoTrans, 1, short, m(3, 3), 0, m(3, 3)) })
	require.Panics(t, func() {
		Syrk(1, m(2, 3), 0, blas64.Symmetric{N: 2, Stride: 2, Uplo: blas.Upper, Data: make([]float64, 4)})
	})
}

// TestEpilogues compares what becomes of products with the plain version.
func TestEpilogues(t *testing.T) {
	for range eachLevel(t) {
		mine := active
		rng := rand.New(rand.NewPCG(17, 18))
		for m := 1; m <= 17; m++ {
			for n := 1; n <= 50; n++ {
				const k = 5
				a, b, bias := matrix(rng, m, k, 1), matrix(rng, k, n, 1), matrix(rng, 1, m, 0).Data
				c := matrix(rng, m, 5*n, 2)
				for e := Over; e <= TanhDown; e++ {
					want, got := clone(c), clone(c)
					epilogue := Epilogue{Mode: e, Alpha: -2, Bias: bias, C: m % 5 * n, To: (m + 1) % 5 * n, D1: (m + 2) % 5 * n, D2: (m + 3) % 5 * n, T: (m + 4) % 5 * n}
					active = levelGo
					Product(blas.NoTrans, a, b, want, epilogue)
					active = mine
					Product(blas.NoTrans, a, b, got, epilogue)
					requireClose(t, want, got, 1e-12, m, n, e)
				}
			}
		}
	}
}
