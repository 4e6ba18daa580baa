package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

func TestDealIsSubset(t *testing.T) {
	rng := sbo.Rand(1, "deal")
	for _, n := range []struct{ rows, train, rest int }{{1, 1, 0}, {7, 3, 4}, {40, 25, 10}, {40, 40, 0}} {
		for _, partials := range []bool{true, false} {
			d := sbo.NewData(3, 2, n.rows)
			for _, numbers := range [][]float64{d.X, d.Y, d.Partials} {
				for i := range numbers {
					numbers[i] = rng.Float64()
				}
			}
			if !partials {
				d.Partials = nil
			}
			order := rng.Perm(n.rows)
			train, rest := order[:n.train], order[n.train:n.train+n.rest]
			wantTrain, wantRest := d.Subset(train), d.Subset(rest)
			gotTrain, gotRest := deal(d, train, rest)
			require.Equal(t, wantTrain.X, gotTrain.X)
			require.Equal(t, wantTrain.Y, gotTrain.Y)
			require.Equal(t, wantTrain.Partials, gotTrain.Partials)
			require.Equal(t, n.rest, gotRest.Len())
			if n.rest > 0 {
				require.Equal(t, wantRest.X, gotRest.X)
				require.Equal(t, wantRest.Y, gotRest.Y)
				require.Equal(t, wantRest.Partials, gotRest.Partials)
			}
		}
	}
}
