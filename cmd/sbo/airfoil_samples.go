package main

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/problems/airfoil"
	"github.com/spf13/cobra"
)

type samplesOptions struct {
	n        int
	seed     uint64
	reynolds float64
	out      string
}

func (a *app) airfoilSamplesCommand() *cobra.Command {
	var o samplesOptions
	c := &cobra.Command{
		Use:   "samples",
		Short: "Make a table of random sections with lift, drag, moment and all partials",
		Long: "Makes a table to learn from: a Latin hypercube of sections by 14 CST coefficients, at random Mach\n" +
			"numbers and angles, with CL, CD, CM and their 48 partials, exact. The same seed gives the same table.",
		Example: "  sbo airfoil samples --n 6000 --seed 1 -o train.csv.gz\n" +
			"  sbo fit train.csv.gz --holdout 1000",
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.airfoilSamples(cmd.Context(), o) },
	}
	f := c.Flags()
	f.IntVar(&o.n, "n", 1000, "how many samples")
	f.Uint64Var(&o.seed, "seed", 0, "seed of the random choices")
	f.Float64Var(&o.reynolds, "reynolds", 3e6, "Reynolds number by the chord")
	f.StringVarP(&o.out, "out", "o", "", "write to `FILE.csv`, or .csv.gz, instead of standard output")
	return c
}

func (a *app) airfoilSamples(ctx context.Context, o samplesOptions) error {
	if o.n < 1 || o.n > 1_000_000 {
		return usage("--n is %d; it must be a number from 1 to 1000000", o.n)
	}
	if err := (airfoil.Flow{Reynolds: o.reynolds}).Check(); err != nil {
		return usage("%s", plain(err.Error()))
	}
	if a.json && o.out == "" {
		return usage("--json prints what was done, and the table needs another place").hint("name a file for it with -o")
	}
	p := airfoil.Polars(o.reynolds)
	box, nx := p.Box(), p.NX()
	x := doe.LatinHypercube{}.Sample(o.n, nx, sbo.Rand(o.seed, "airfoil samples"))
	for i := 0; i < len(x); i += nx {
		box.Place(x[i:i+nx], x[i:i+nx])
	}
	bar := a.bar("samples")
	var done atomic.Int64
	counted := sbo.EvaluatorFunc(func(ctx context.Context, y, dydx, x []float64) error {
		err := p.Evaluate(ctx, y, dydx, x)
		bar.at(int(done.Add(1)*barLength/int64(o.n)), "samples")
		return err
	})
	data, err := sbo.Workers(p.Problem, counted, parallel())(ctx, x)
	bar.end()
	if err != nil {
		return err
	}
	answered := data.Answered()
	if failed := data.Len() - answered.Len(); failed > 0 {
		a.warnf("%s without an answer left out", plural(failed, "section"))
	}
	columns := sbo.Columns{Inputs: p.VariableNames(), Outputs: p.ResponseNames()}
	write := func(w io.Writer) error { return sbo.WriteCSV(w, columns, answered) }
	if o.out == "" {
		return write(a.out)
	}
	if err := create(o.out, func(w io.Writer) error {
		if !strings.HasSuffix(o.out, ".gz") {
			return write(w)
		}
		z := gzip.NewWriter(w)
		return errors.Join(write(z), z.Close())
	}); err != nil || !a.json {
		return err
	}
	return a.document(map[string]any{"file": o.out, "samples": answered.Len(), "failed": data.Len() - answered.Len(), "seed": o.seed})
}
