package sbo_test

import (
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

// table returns m samples of two variables and two responses whose numbers all
// differ: they are start, start+1, ...
func table(m int, start float64) sbo.Data {
	d := sbo.NewData(2, 2, m)
	for _, s := range [][]float64{d.X, d.Y, d.Partials} {
		for i := range s {
			s[i] = start
			start++
		}
	}
	return d
}

func TestNewDataKnowsNothing(t *testing.T) {
	d := sbo.NewData(2, 1, 3)
	require.Equal(t, 3, d.Len())
	require.False(t, d.HasPartials())
	for i := range 3 {
		require.True(t, d.Failed(i))
		require.Equal(t, []float64{0, 0}, d.Point(i))
	}
	require.Zero(t, sbo.Data{}.Len())
}

func TestDataViews(t *testing.T) {
	d := table(3, 0)
	require.Equal(t, []float64{2, 3}, d.Point(1))
	require.Equal(t, []float64{8, 9}, d.Responses(1))
	require.Equal(t, []float64{16, 17, 18, 19}, d.PartialsOf(1))
	require.Equal(t, 18.0, d.Partials[d.Partial(1, 1, 0)], "of response 2 by variable 1")

	d.Point(1)[0] = -1
	require.Equal(t, -1.0, d.X[2], "a view, not a copy")
	_ = append(d.Point(0), 99)
	require.Equal(t, -1.0, d.X[2], "appending to a view copies it")

	d.Partials = nil
	require.Nil(t, d.PartialsOf(1))
	require.False(t, d.HasPartials())
}

func TestDataForget(t *testing.T) {
	d := table(3, 0)
	d.Forget(1)
	require.Equal(t, []float64{2, 3}, d.Point(1), "where it failed is known")
	require.Equal(t, []bool{false, true, false}, []bool{d.Failed(0), d.Failed(1), d.Failed(2)})
	require.True(t, d.HasPartials())
	d.Responses(1)[1] = 5
	require.False(t, d.Failed(1), "one response is known")
}

func TestDataAppend(t *testing.T) {
	a, b := table(2, 0), table(1, 100)
	sum := a.Append(b)
	require.Equal(t, 3, sum.Len())
	require.Equal(t, b.Point(0), sum.Point(2))
	require.Equal(t, b.Responses(0), sum.Responses(2))
	require.Equal(t, b.PartialsOf(0), sum.PartialsOf(2))
	sum.X[0] = -1
	require.Zero(t, a.X[0], "a copy")

	// Two futures of one past do not overwrite each other.
	left, right := sum.Append(table(1, 200)), sum.Append(table(1, 300))
	require.Equal(t, 200.0, left.Point(3)[0])
	require.Equal(t, 300.0, right.Point(3)[0])
}

func TestDataAppendOfEmpty(t *testing.T) {
	a := table(2, 0)
	requireSame(t, a, a.Append(sbo.Data{}))
	requireSame(t, a, a.Append(sbo.NewData(5, 5, 0)))
	requireSame(t, a, sbo.Data{}.Append(a))
	requireSame(t, a, sbo.NewData(5, 5, 0).Append(a))
	require.PanicsWithValue(t, "sbo: samples of 3 variables and 1 responses appended to 2 and 2", func() { a.Append(sbo.NewData(3, 1, 1)) })
}

func TestDataAppendWithAndWithoutPartials(t *testing.T) {
	bare := table(1, 100)
	bare.Partials = nil
	want := []float64{nan, nan, nan, nan}
	got := table(1, 0).Append(bare)
	require.Equal(t, bitsOf(want), bitsOf(got.PartialsOf(1)))
	got = bare.Append(table(1, 0))
	require.Equal(t, bitsOf(want), bitsOf(got.PartialsOf(0)))
	require.Equal(t, []float64{4, 5, 6, 7}, got.PartialsOf(1))
	require.Nil(t, bare.Append(bare).Partials)
}

func TestDataSubsetAndAnswered(t *testing.T) {
	d := table(3, 0)
	s := d.Subset([]int{2, 0, 2})
	require.Equal(t, []float64{4, 5, 0, 1, 4, 5}, s.X)
	require.Equal(t, d.PartialsOf(2), s.PartialsOf(0))
	s.X[0] = -1
	require.Equal(t, 4.0, d.X[4], "a copy")

	d.Forget(1)
	requireSame(t, d.Subset([]int{0, 2}), d.Answered())
}

func TestDataBest(t *testing.T) {
	tests := []struct {
		name string
		rows [][]float64 // mass <= 50, cl, range to be maximized, margin >= 0.1
		want int
	}{
		{"no samples", nil, -1},
		{"none known", [][]float64{{nan, nan, nan, nan}}, -1},
		{"the only one, though infeasible", [][]float64{{nan, nan, nan, nan}, {99, 0, 1, 1}}, 1},
		{"feasible before better", [][]float64{{99, 0, 900, 1}, {1, 0, 5, 1}, {1, 0, 6, 1}}, 2},
		{"the first of equals", [][]float64{{1, 0, 5, 1}, {1, 0, 6, 1}, {2, 0, 6, 1}}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := sbo.NewData(2, 4, len(tt.rows))
			for i, row := range tt.rows {
				copy(d.Responses(i), row)
			}
			require.Equal(t, tt.want, d.Best(wing))
		})
	}
}
