package kernel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

const bits = 400 // of reference values

func exact(v float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(v) }

func do(op func(z, x, y *big.Float) *big.Float, x, y *big.Float) *big.Float {
	return op(exact(0), x, y)
}

// bigExp is by its series at x/2^40, squared 40 times.
func bigExp(x *big.Float) *big.Float {
	const halvings = 40
	small := exact(0).SetMantExp(x, -halvings)
	sum, term := exact(1), exact(1)
	for i := 1; i < 20; i++ {
		term = do((*big.Float).Quo, do((*big.Float).Mul, term, small), exact(float64(i)))
		sum = do((*big.Float).Add, sum, term)
	}
	for range halvings {
		sum = do((*big.Float).Mul, sum, sum)
	}
	return sum
}

// bigLog1p solves exp(y) = 1 + x by Newton's method.
func bigLog1p(x *big.Float) *big.Float {
	start, _ := x.Float64()
	y, target := exact(math.Log1p(start)), do((*big.Float).Add, exact(1), x)
	for range 4 {
		e := bigExp(y)
		step := do((*big.Float).Quo, do((*big.Float).Sub, target, e), e)
		y = do((*big.Float).Add, y, step)
	}
	return y
}

// bigSincos is by the series at z/2^k, doubled k times.
func bigSincos(z *big.Float) (sin, cos *big.Float) {
	const halvings = 40
	u := exact(0).SetMantExp(z, -halvings)
	u2 := do((*big.Float).Mul, u, u)
	sin, versine := exact(0), exact(0) // versine = 1 - cos, which doubling doesn't cancel
	term := exact(0).Set(u)
	for i := 2; i < 40; i += 2 {
		sin = do((*big.Float).Add, sin, term)
		other := do((*big.Float).Quo, do((*big.Float).Mul, term, u), exact(float64(i)))
		versine = do((*big.Float).Add, versine, other)
		term = do((*big.Float).Quo, do((*big.Float).Mul, term, u2), exact(float64(-i*(i+1))))
	}
	for range halvings { // sin 2u = 2 sin cos, 1 - cos 2u = 2 sin^2
		cos = do((*big.Float).Sub, exact(1), versine)
		square := do((*big.Float).Mul, sin, sin)
		sin = do((*big.Float).Mul, exact(2), do((*big.Float).Mul, sin, cos))
		versine = do((*big.Float).Mul, exact(2), square)
	}
	return sin, do((*big.Float).Sub, exact(1), versine)
}

func bigSigmoid(z *big.Float) *big.Float {
	e := bigExp(exact(0).Neg(z))
	return do((*big.Float).Quo, exact(1), do((*big.Float).Add, exact(1), e))
}

// ulps returns how many units in the last place of the true value got is off.
func ulps(truth *big.Float, got float64) float64 {
	near, _ := truth.Float64()
	unit := math.Max(math.Nextafter(math.Abs(near), math.Inf(1))-math.Abs(near), 5e-324)
	off, _ := do((*big.Float).Sub, exact(got), truth).Float64()
	return math.Abs(off) / unit
}

// arguments are spread over what networks see, near zero, and where functions
// saturate.
func arguments(rng *rand.Rand, widest float64) []float64 {
	z := []float64{0, 1, -1, math.Ln2 / 2, -math.Ln2 / 2, math.Pi / 2, -math.Pi, 20, -20, 36.7, -37, 1e-8, -1e-17}
	for range 400 {
		z = append(z, rng.NormFloat64(), 10*rng.NormFloat64(), widest*(2*rng.Float64()-1), math.Ldexp(rng.Float64()-0.5, -rng.IntN(60)))
	}
	return z
}

func TestFunctionsInUlps(t *testing.T) {
	one := exact(1)
	for _, c := range []struct {
		name    string
		f       func(g, d1, d2, z []float64)
		truth   func(z *big.Float) *big.Float
		widest  float64
		allowed float64 // of the assembly
		inGo    float64
	}{
		{"tanh", Tanh, func(z *big.Float) *big.Float {
			e := bigExp(do((*big.Float).Mul, exact(2), z))
			return do((*big.Float).Quo, do((*big.Float).Sub, e, one), do((*big.Float).Add, e, one))
		}, 25, 3, 3},
		{"sigmoid", Sigmoid, bigSigmoid, 745, 3, 3},
		{"swish", Swish, func(z *big.Float) *big.Float { return do((*big.Float).Mul, z, bigSigmoid(z)) }, 700, 3, 3},
		{"softplus", Softplus, func(z *big.Float) *big.Float { return bigLog1p(bigExp(z)) }, 80, 3, 3},
		{"exp", func(g, _, _, z []float64) { Exp(g, z) }, bigExp, 709, 1.5, 1.5},
		{"sine", Sine, func(z *big.Float) *big.Float { s, _ := bigSincos(z); return s }, 1e6, 2, 8},
		{"cosine", func(g, _, _, z []float64) { Sincos(make([]float64, len(z)), g, z) }, func(z *big.Float) *big.Float { _, c := bigSincos(z); return c }, 1e6, 2, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			z := arguments(rand.New(rand.NewPCG(13, 14)), c.widest)
			truth := make([]*big.Float, len(z))
			for i, v := range z {
				truth[i] = c.truth(exact(v))
			}
			for range eachLevel(t) {
				allowed := c.allowed
				if active == levelGo {
					allowed = c.inGo
				}
				g := make([]float64, len(z))
				c.f(g, nil, nil, z)
				worst, where := 0.0, 0.0
				for i, v := range z {
					if e := ulps(truth[i], g[i]); e > worst {
						worst, where = e, v
					}
				}
				t.Logf("%.2f ulps at %v", worst, where)
				require.LessOrEqual(t, worst, allowed, "at %v", where)
			}
		})
	}
}

// TestFunctionsAgree compares all versions with the plain one: values, derivatives,
// every remainder, in place, and odd arguments.
func TestFunctionsAgree(t *testing.T) {
	functions := map[string]func(g, d1, d2, z []float64){
		"tanh": Tanh, "sigmoid": Sigmoid, "swish": Swish, "softplus": Softplus, "sine": Sine,
		"exp": func(g, d1, d2, z []float64) {
			Exp(g, z)
			copy(d1, g)
			copy(d2, g)
		},
	}
	odd := []float64{
		math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 5e-324, -5e-324, 1e-310, -1e-310, 2.2250738585072014e-308,
		1e308, -1e308, 709.4, 709.79, 710, 720, 800, -708, -709, -740, -745, -745.2, -746, -800, 1e6, 1e6 + 0.1, -1e9, 1e22, 19.06, 22, 1,
	}
	for name, f := range functions {
		t.Run(name, func(t *testing.T) {
			for range eachLevel(t) {
				mine := active
				rng := rand.New(rand.NewPCG(15, 16))
				for n := 1; n < 40; n++ {
					z := make([]float64, n)
					for i := range z {
						z[i] = odd[(i+n)%len(odd)]
						if rng.IntN(3) == 0 {
							z[i] = 3 * rng.NormFloat64()
						}
					}
					run := func(l level, derivatives bool) [3][]float64 {
						active = l
						out := [3][]float64{append([]float64(nil), z...)}
						if derivatives {
							out[1], out[2] = make([]float64, n), make([]float64, n)
						}
						f(out[0], out[1], out[2], out[0])
						return out
					}
					want, got, values := run(levelGo, true), run(mine, true), run(mine, false)
					for o := range want {
						for i, w := range want[o] {
							requireSame(t, w, got[o][i], "output %d of %v", o, z[i])
						}
					}
					for i, w := range want[0] {
						requireSame(t, w, values[0][i], "value of %v", z[i])
					}
				}
				active = mine
			}
		})
	}
}

// requireSame allows rounding, relative to the value or to one.
func requireSame(t *testing.T, want, got float64, format string, context ...any) {
	t.Helper()
	if math.IsNaN(want) || math.IsInf(want, 0) || want == 0 {
		require.Equal(t, math.IsNaN(want), math.IsNaN(got), append([]any{format}, context...)...)
		if !math.IsNaN(want) && (want != 0 || math.Abs(got) > 1e-300) {
			require.Equal(t, want, got, append([]any{format}, context...)...)
		}
		return
	}
	require.InDelta(t, want, got, 1e-14*math.Max(1, math.Abs(want)), append([]any{format}, context...)...)
}

func TestZeroKeepsItsSign(t *testing.T) {
	for range eachLevel(t) {
		z := []float64{math.Copysign(0, -1), 0, -5e-324, 5e-324}
		g := make([]float64, len(z))
		for _, f := range []func(g, d1, d2, z []float64){Tanh, Sine} {
			f(g, nil, nil, z)
			require.Equal(t, z, g)
			require.True(t, math.Signbit(g[0]))
			require.False(t, math.Signbit(g[1]))
		}
	}
}

func TestFunctionsNeedRoom(t *testing.T) {
	one, two := make([]float64, 1), make([]float64, 2)
	require.Panics(t, func() { Tanh(one, nil, nil, two) })
	require.Panics(t, func() { Tanh(two, one, one, two) })
	require.Panics(t, func() { Sine(one, nil, nil, two) })
	require.Panics(t, func() { Sincos(two, one, two) })
	require.NotPanics(t, func() { Tanh(nil, nil, nil, nil) })
}

// TestExpBeforeOverflow is where Go's own on amd64 is infinite already.
func TestExpBeforeOverflow(t *testing.T) {
	was := active
	t.Cleanup(func() { active = was })
	for active = levelAVX2; active <= best(); active++ {
		g := make([]float64, 1)
		Exp(g, []float64{709.7})
		require.InEpsilon(t, 1.6549840276802644e308, g[0], 1e-15)
	}
}
