package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/problems/airfoil"
	"github.com/sbo-go/sbo/problems/airfoil/xfoil"
)

// withXfoil runs a comparison with XFOIL. Without XFOIL there are no rows of it, unless
// it was asked for by name.
func withXfoil(ctx context.Context, asked bool, compare func(*xfoil.Program) ([]Row, error)) ([]Row, error) {
	program, err := xfoil.Find(ctx, "")
	if errors.Is(err, xfoil.ErrNotFound) && !asked {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := compare(program)
	return list, errors.Join(err, program.Close())
}

// opinions are CL, CD and CM of sections by our analysis and by XFOIL.
type opinions struct {
	ours, theirs [3][]float64
	failed       int // sections that XFOIL had no answer for
}

// sections asks for the opinions of n random sections of the table of samples.
func sections(ctx context.Context, program *xfoil.Program, n int, reynolds float64, progress func(float64)) (opinions, error) {
	polars := airfoil.Polars(reynolds)
	box, nx := polars.Box(), polars.NX()
	x := doe.LatinHypercube{}.Sample(n, nx, sbo.Rand(1, "sections"))
	y, theirs := make([]float64, 3*n), make([]airfoil.Result, n)
	var jobs []func() error
	for i := range n {
		at := x[i*nx : (i+1)*nx]
		box.Place(at, at)
		jobs = append(jobs, func() error {
			if err := polars.Evaluate(ctx, y[3*i:3*i+3], nil, at); err != nil {
				return err
			}
			flow := airfoil.Flow{Mach: at[nx-2], Reynolds: reynolds}
			r, err := program.Analyze(ctx, airfoil.Design(at).Section(airfoil.Panels), flow, at[nx-1])
			if err != nil && !errors.Is(err, airfoil.ErrNotConverged) {
				return err
			}
			theirs[i] = r
			return nil
		})
	}
	var o opinions
	if err := inParallel(ctx, jobs, progress); err != nil {
		return o, err
	}
	for i, r := range theirs {
		if r.CD == 0 {
			o.failed++
			continue
		}
		for k, v := range []float64{r.CL, r.CD, r.CM} {
			o.ours[k], o.theirs[k] = append(o.ours[k], y[3*i+k]), append(o.theirs[k], v)
		}
	}
	return o, nil
}

// A standard is what the errors were in a first implementation of the analysis, on 200
// other sections at a Reynolds number of 3e6.
var standard = struct{ cdRMS, cdMedian, cdMost, cl, cm float64 }{6.5, 3.7, 34, 0.031, 0.0067}

// accuracy compares our analysis with XFOIL on random sections, also where it is known
// to be worse: at low Reynolds numbers there are laminar separation bubbles, which it
// knows nothing of.
func accuracy(ctx context.Context, program *xfoil.Program, quick bool, progress func(float64)) ([]Row, error) {
	flights := []struct {
		name     string
		reynolds float64
		sections int
	}{{"accuracy", 3e6, 100}, {"accuracy-re1e6", 1e6, 50}, {"accuracy-re5e5", 5e5, 50}}
	if quick {
		flights = flights[:1]
	}
	var list []Row
	for i, f := range flights {
		o, err := sections(ctx, program, f.sections, f.reynolds, func(share float64) {
			progress((float64(i) + share) / float64(len(flights)))
		})
		if err != nil {
			return nil, err
		}
		rows, err := o.rows(f.name)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			for k := range rows {
				rows[k].Goal = nil
			}
		}
		list = append(list, rows...)
	}
	return list, nil
}

// rows returns how far the opinions differ.
func (o opinions) rows(name string) ([]Row, error) {
	n := len(o.theirs[1])
	if n == 0 {
		return nil, fmt.Errorf("XFOIL had an answer for none of %d sections", o.failed)
	}
	relative, squares, bias := make([]float64, n), 0.0, 0.0 // percent
	for i, cd := range o.theirs[1] {
		e := 100 * (o.ours[1][i]/cd - 1)
		relative[i] = math.Abs(e)
		squares += e * e
		bias += e / float64(n)
	}
	off := func(k int) float64 {
		sum := 0.0
		for i, v := range o.theirs[k] {
			sum += (o.ours[k][i] - v) * (o.ours[k][i] - v)
		}
		return math.Sqrt(sum / float64(n))
	}
	r := &rows{name: name}
	r.add("cd_error_xfoil", "%", lower, math.Sqrt(squares/float64(n)), standard.cdRMS)
	r.add("cd_error_xfoil_median", "%", lower, median(relative), standard.cdMedian)
	r.add("cd_error_xfoil_most", "%", lower, slices.Max(relative), standard.cdMost)
	r.add("cd_bias_xfoil", "%", lower, bias)
	r.add("cl_error_xfoil", "1", lower, off(0), standard.cl)
	r.add("cm_error_xfoil", "1", lower, off(2), standard.cm)
	r.add("sections_xfoil", "sections", higher, float64(n))
	return r.list, nil
}
