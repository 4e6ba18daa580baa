package sbo_test

import (
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

var inf = math.Inf(1)

func TestBoxPlace(t *testing.T) {
	b := sbo.Box{Lower: []float64{-1, 10, -math.MaxFloat64}, Upper: []float64{3, 20, math.MaxFloat64}}
	require.Equal(t, 3, b.Dim())
	require.Equal(t, b.Lower, b.Place(nil, []float64{0, 0, 0}))
	require.Equal(t, b.Upper, b.Place(nil, []float64{1, 1, 1}))
	dst := make([]float64, 3)
	require.Equal(t, []float64{0, 15, 0}, b.Place(dst, []float64{0.25, 0.5, 0.5}))
	require.Equal(t, []float64{0, 15, 0}, dst)
}

func TestBoxMapsThereAndBack(t *testing.T) {
	rng := sbo.Rand(1, "boxes")
	for range 10000 {
		lower := rng.NormFloat64() * math.Pow(10, float64(rng.IntN(12)-6))
		b := sbo.Box{Lower: []float64{lower}, Upper: []float64{lower + rng.ExpFloat64()}}
		u := []float64{rng.Float64()}
		x := b.Place(nil, u)
		require.True(t, b.Contains(x), "%v outside %v", x, b)
		// Placing rounds x to an ulp of the largest bound, of which the box may
		// be but a few wide.
		ulp := math.Nextafter(math.Abs(b.Lower[0])+math.Abs(b.Upper[0]), inf) - (math.Abs(b.Lower[0]) + math.Abs(b.Upper[0]))
		require.InDelta(t, u[0], b.Unit(nil, x)[0], 1e-15+4*ulp/(b.Upper[0]-b.Lower[0]))
	}
}

func TestBoxUnitOfNoWidth(t *testing.T) {
	b := sbo.Box{Lower: []float64{2, 0}, Upper: []float64{2, 4}}
	require.Equal(t, []float64{0, 0.25}, b.Unit(nil, []float64{2, 1}))
}

func TestBoxClip(t *testing.T) {
	b := sbo.Box{Lower: []float64{0, 0, 0}, Upper: []float64{1, 1, 1}}
	x := []float64{-1, 0.5, 7}
	require.Equal(t, []float64{0, 0.5, 1}, b.Clip(x, x))
	require.Equal(t, []float64{0, 0.5, 1}, x, "in place")
}

func TestBoxContains(t *testing.T) {
	b := sbo.Box{Lower: []float64{0, 0}, Upper: []float64{1, 1}}
	require.True(t, b.Contains([]float64{0, 1}))
	require.False(t, b.Contains([]float64{0, 1.0000001}))
	require.False(t, b.Contains([]float64{-1e-9, 1}))
	require.False(t, b.Contains([]float64{math.NaN(), 1}))
}

func TestBoxPanicsOnWrongLengths(t *testing.T) {
	b := sbo.Box{Lower: []float64{0, 0}, Upper: []float64{1, 1}}
	for _, f := range []func(dst, x []float64) []float64{b.Place, b.Unit, b.Clip} {
		require.PanicsWithValue(t, "sbo: box of dimension 2 used with 3 and 3 numbers", func() { f(nil, make([]float64, 3)) })
		require.PanicsWithValue(t, "sbo: box of dimension 2 used with 2 and 1 numbers", func() { f(make([]float64, 1), make([]float64, 2)) })
	}
}

func TestResponseConstructors(t *testing.T) {
	tests := []struct {
		got  sbo.Response
		want sbo.Response
		role string
	}{
		{sbo.Minimize("f"), sbo.Response{Name: "f", Role: sbo.Objective, Lower: -inf, Upper: inf}, "objective"},
		{sbo.Maximize("f"), sbo.Response{Name: "f", Role: sbo.Objective, Maximize: true, Lower: -inf, Upper: inf}, "objective"},
		{sbo.AtMost("g", 2), sbo.Response{Name: "g", Role: sbo.Constraint, Lower: -inf, Upper: 2}, "constraint"},
		{sbo.AtLeast("g", 2), sbo.Response{Name: "g", Role: sbo.Constraint, Lower: 2, Upper: inf}, "constraint"},
		{sbo.Between("g", 1, 2), sbo.Response{Name: "g", Role: sbo.Constraint, Lower: 1, Upper: 2}, "constraint"},
		{sbo.Equal("g", 2), sbo.Response{Name: "g", Role: sbo.Constraint, Lower: 2, Upper: 2}, "constraint"},
		{sbo.Monitored("m"), sbo.Response{Name: "m", Lower: -inf, Upper: inf}, "monitor"},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, tt.got)
		require.Equal(t, tt.role, tt.got.Role.String())
	}
}

func TestResponseExcessAndScale(t *testing.T) {
	tests := []struct {
		r             sbo.Response
		y             float64
		excess, scale float64
	}{
		{sbo.AtMost("g", 100), 100, 0, 100},
		{sbo.AtMost("g", 100), 103, 3, 100},
		{sbo.AtMost("g", 0), 0.5, 0.5, 1},
		{sbo.AtLeast("g", -2), -5, 3, 2},
		{sbo.Between("g", -4, 0.5), 0, 0, 4},
		{sbo.Equal("g", 0.5), 0.25, 0.25, 1},
		{sbo.AtMost("g", 1), math.NaN(), inf, 1},
		{sbo.AtLeast("g", 1), inf, inf, 1},
		{sbo.AtMost("g", 1), -inf, inf, 1},
		{sbo.Minimize("f"), math.NaN(), 0, 1},
		{sbo.Monitored("m"), 1e9, 0, 1},
	}
	for _, tt := range tests {
		require.Equal(t, tt.excess, tt.r.Excess(tt.y), "%v at %g", tt.r, tt.y)
		require.Equal(t, tt.scale, tt.r.Scale(), "%v", tt.r)
	}
}

// wing has an objective to maximize between two constraints and a monitor.
var wing = sbo.Problem{
	Name:      "wing",
	Variables: []sbo.Variable{{Name: "span", Unit: "m", Lower: 10, Upper: 20}, {Name: "sweep", Unit: "deg", Upper: 30}},
	Responses: []sbo.Response{sbo.AtMost("mass", 50), sbo.Monitored("cl"), sbo.Maximize("range"), sbo.AtLeast("margin", 0.1)},
}

func TestProblemAccessors(t *testing.T) {
	require.NoError(t, wing.Validate())
	require.Equal(t, 2, wing.NX())
	require.Equal(t, 4, wing.NY())
	require.Equal(t, sbo.Box{Lower: []float64{10, 0}, Upper: []float64{20, 30}}, wing.Box())
	require.Equal(t, 2, wing.Objective())
	require.Equal(t, []int{0, 3}, wing.Constraints())

	y := []float64{60, 0, 900, 0.1}
	require.Equal(t, -900.0, wing.Cost(y))
	require.Equal(t, 0.2, wing.Violation(y))
	require.False(t, wing.Feasible(y))
	require.True(t, wing.Feasible([]float64{50.00004, 0, 900, 0.1}), "within the tolerance")
	require.Equal(t, inf, wing.Violation([]float64{60, 0, 900, math.NaN()}))

	none := sbo.Problem{Responses: []sbo.Response{sbo.Monitored("m")}}
	require.Equal(t, -1, none.Objective())
	require.True(t, math.IsNaN(none.Cost([]float64{1})))
}

func TestProblemBetter(t *testing.T) {
	answer := func(mass, far float64) []float64 { return []float64{mass, 0, far, 1} }
	unknown := []float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	// From best to worst; those in one rank are as good as each other.
	ranks := [][][]float64{
		{answer(50, 900), answer(20, 900)},
		{answer(10, 800)},
		{answer(51, 999), answer(51, 0)},
		{answer(70, 999)},
		{answer(math.NaN(), 999)},
		{unknown},
	}
	for i, rank := range ranks {
		for _, a := range rank {
			for j, other := range ranks {
				for _, b := range other {
					require.Equal(t, i < j, wing.Better(a, b), "%v before %v", a, b)
				}
			}
		}
	}
}

func TestProblemValidate(t *testing.T) {
	variable := func(name string, lower, upper float64) sbo.Problem {
		return sbo.Problem{Variables: []sbo.Variable{{Name: name, Lower: lower, Upper: upper}}, Responses: []sbo.Response{sbo.Minimize("f")}}
	}
	responses := func(r ...sbo.Response) sbo.Problem {
		return sbo.Problem{Variables: []sbo.Variable{{Name: "x", Upper: 1}}, Responses: r}
	}
	f := sbo.Minimize("f")
	tests := []struct {
		name string
		p    sbo.Problem
		want []string
	}{
		{"good", variable("x", 0, 1), nil},
		{"empty", sbo.Problem{}, []string{"no design variables", "0 objectives"}},
		{"no name", variable("", 0, 1), []string{"variable 1 has no name"}},
		{"one name for two", variable("f", 0, 1), []string{`the name "f" is used twice`}},
		{"bounds swapped", variable("x", 1, 0), []string{`variable "x" has lower bound 1, which is not below its upper bound 0`}},
		{"bounds equal", variable("x", 1, 1), []string{"not below"}},
		{"bounds NaN", variable("x", math.NaN(), 1), []string{"not finite"}},
		{"bounds infinite", variable("x", 0, inf), []string{"not finite"}},
		{"two objectives", responses(f, sbo.Maximize("h")), []string{"2 objectives"}},
		{"no objective", responses(sbo.AtMost("g", 1)), []string{"0 objectives"}},
		{"limits swapped", responses(f, sbo.Between("g", 2, 1)), []string{`constraint "g" has limits [2, 1] that no value meets`}},
		{"limits NaN", responses(f, sbo.AtMost("g", math.NaN())), []string{"no value meets"}},
		{"limits at infinity", responses(f, sbo.Equal("g", inf)), []string{"no value meets"}},
		{"no limit", responses(f, sbo.Between("g", -inf, inf)), []string{`constraint "g" has no limit`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.p.Validate()
			if tt.want == nil {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			for _, want := range tt.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestWanted(t *testing.T) {
	for want, r := range map[string]sbo.Response{
		"minimize": sbo.Minimize("f"), "maximize": sbo.Maximize("f"), "monitored": sbo.Monitored("f"), "= 2": sbo.Equal("f", 2),
		"<= 3": sbo.AtMost("f", 3), ">= -1": sbo.AtLeast("f", -1), "0 to 0.5": sbo.Between("f", 0, 0.5),
	} {
		require.Equal(t, want, r.Wanted())
	}
}

func TestNames(t *testing.T) {
	p := sbo.Problem{Variables: []sbo.Variable{{Name: "b"}, {Name: "a"}}, Responses: []sbo.Response{sbo.Minimize("f"), sbo.Equal("e", 1)}}
	require.Equal(t, []string{"b", "a"}, p.VariableNames())
	require.Equal(t, []string{"f", "e"}, p.ResponseNames())
}
