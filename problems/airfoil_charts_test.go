package problems_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/problems/airfoil"
)

// Charts of a section show that and how it is better than NACA 2412.
func TestChartsOfAirfoils(t *testing.T) {
	for _, c := range []struct {
		problem problems.Problem
		rows    []int // charts in each
	}{
		{problems.AirfoilAF1(), []int{1, 3}},
		{problems.AirfoilAF2(), []int{1, 3, 3}},
		{problems.AirfoilAF3(), []int{1, 1}},
	} {
		p := c.problem
		rows, err := p.Charts(t.Context(), p.Minimizers[0])
		require.NoError(t, err, p.Name)
		var counts []int
		for _, row := range rows {
			counts = append(counts, len(row))
			for _, chart := range row {
				require.NotEmpty(t, chart.Title)
				require.True(t, chart.Curves[0].Before)
				require.Equal(t, "NACA 2412", chart.Curves[0].Name)
				for _, l := range chart.Curves {
					require.Len(t, l.Y, len(l.X))
					for i := range l.X {
						require.False(t, math.IsNaN(l.X[i]+l.Y[i]) || math.IsInf(l.X[i]+l.Y[i], 0), "%s: %s", p.Name, chart.Title)
					}
				}
			}
		}
		require.Equal(t, c.rows, counts, p.Name)
		require.True(t, rows[0][0].True)
		require.True(t, rows[1][0].Down)
		outline := rows[0][0].Curves[1]
		require.Equal(t, outline.Y[0], outline.Y[len(outline.Y)-1], "it is closed")
	}

	p := problems.AirfoilAF1()
	rows, err := p.Charts(t.Context(), p.Minimizers[0])
	require.NoError(t, err)
	polar := rows[1][1].Curves
	require.Len(t, polar, 4)
	require.InDelta(t, p.Minimum, polar[3].X[0], 1e-9, "the dot is the optimum")
	require.InDelta(t, 0.0055, polar[1].X[0], 5e-5, "and the other one NACA 2412")
	require.InDelta(t, 0.5, polar[3].Y[0], 1e-9)
	require.Greater(t, len(polar[2].X), 30)
}

func TestChartsOfOthers(t *testing.T) {
	p := problems.Rosenbrock(2)
	rows, err := p.Charts(t.Context(), []float64{1, 1})
	require.NoError(t, err)
	require.Empty(t, rows)
	require.Panics(t, func() { _, _ = p.Charts(t.Context(), []float64{1}) })

	af1 := problems.AirfoilAF1()
	inside := make([]float64, 14)
	for j := range 7 {
		inside[j] = -0.1 // the lower side is above the upper one
	}
	_, err = af1.Charts(t.Context(), inside)
	require.ErrorIs(t, err, airfoil.ErrGeometry)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = af1.Charts(ctx, af1.Minimizers[0])
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, sbo.ErrFailed)
}
