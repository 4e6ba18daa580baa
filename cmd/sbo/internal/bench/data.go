package bench

import (
	"bytes"
	"context"
	"embed"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
)

// The points of the paper's demonstrations, as its program draws them: 100 random
// ones for Rastrigin (its seed 123), and for Rosenbrock 100 random ones (seed 1)
// with a grid of 17 by 17. Their responses are computed.
//
//go:embed testdata
var points embed.FS

// demo returns the training data of a demonstration.
func demo(ctx context.Context, file string, p problems.Problem) (sbo.Data, error) {
	text, err := points.ReadFile("testdata/" + file)
	if err != nil {
		return sbo.Data{}, err
	}
	d, _, err := sbo.ReadCSV(bytes.NewReader(text), file, p.VariableNames(), []string{})
	if err != nil {
		return sbo.Data{}, err
	}
	return answers(ctx, p, d.X)
}

// answers evaluates the problem at points.
func answers(ctx context.Context, p problems.Problem, x []float64) (sbo.Data, error) {
	return sbo.Workers(p.Problem, p, 1)(ctx, x)
}

// grid returns the points of a grid with n levels for each variable, faces
// included.
func grid(box sbo.Box, n int) []float64 {
	x := []float64{}
	index := make([]int, box.Dim())
	for {
		for j, i := range index {
			x = append(x, box.Lower[j]+(box.Upper[j]-box.Lower[j])*float64(i)/float64(n-1))
		}
		j := len(index) - 1
		for ; j >= 0 && index[j] == n-1; j-- {
			index[j] = 0
		}
		if j < 0 {
			return x
		}
		index[j]++
	}
}

// scattered returns random points of the box.
func scattered(box sbo.Box, n int, purpose string) []float64 {
	rng := sbo.Rand(1, purpose)
	nx := box.Dim()
	x := make([]float64, n*nx)
	for i := range n {
		u := x[i*nx : (i+1)*nx]
		for j := range u {
			u[j] = rng.Float64()
		}
		box.Place(u, u)
	}
	return x
}
