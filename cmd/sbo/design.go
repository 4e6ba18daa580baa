package main

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

type designOptions struct {
	sampler string
	n, dim  int
	seed    uint64
	bounds  []string
}

func (a *app) designCommand() *cobra.Command {
	var o designOptions
	c := &cobra.Command{
		Use:   "design [DIR] [flags]",
		Short: "Draw a design of experiments: points at which to look first",
		Long: "Draws a design and prints it as CSV: that of the study in the folder DIR, or one with --dim\n" +
			"variables. How good it is goes to standard error. A study's design is the one that sbo run\n" +
			"would evaluate, unless flags ask for another.",
		Example: "  sbo design --n 40 --dim 3\n  sbo design --n 64 --sampler sobol --bounds alpha=0:6,mach=0.2:0.8",
		Args:    atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.design(cmd.Context(), args, o, cmd.Flags().Changed)
		},
	}
	c.Flags().StringVar(&o.sampler, "sampler", "lhs", "how to spread the points: "+list(doe.Names()))
	c.Flags().IntVar(&o.n, "n", 0, "how many points")
	c.Flags().IntVar(&o.dim, "dim", 0, "how many variables")
	c.Flags().Uint64Var(&o.seed, "seed", 0, "seed of the random choices")
	c.Flags().StringSliceVar(&o.bounds, "bounds", nil, "the variables and their ranges, as `NAME=LOWER:UPPER,...` (default: x1, x2, ... from 0 to 1)")
	a.complete(c, "sampler", doe.Names())
	return c
}

// designDocument is what design --json prints.
type designDocument struct {
	Sampler   string        `json:"sampler"`
	Seed      uint64        `json:"seed"`
	Variables []string      `json:"variables"`
	Points    [][]number    `json:"points"`
	Quality   designQuality `json:"quality"` // in the unit cube
}

type designQuality struct {
	MinDistance number `json:"min_distance"`
	CenteredL2  number `json:"centered_l2"`
	PhiP        number `json:"phi_p"` // p = 50
}

// drawn is a design: what it is of, and the points in the unit cube.
type drawn struct {
	names   []string
	box     sbo.Box
	sampler string
	n       int
	seed    uint64
}

func (a *app) design(ctx context.Context, args []string, o designOptions, given func(string) bool) error {
	d, err := a.plannedDesign(ctx, args, o, given)
	if err != nil {
		return err
	}
	sampler, err := doe.Lookup(d.sampler)
	if err != nil {
		return usage("--sampler: %s", plain(err.Error()))
	}
	dim := len(d.names)
	if _, sobol := sampler.(doe.Sobol); sobol && dim > doe.SobolDimensions {
		return usage("the Sobol sequence has at most %d dimensions; use lhs", doe.SobolDimensions)
	}
	u := sampler.Sample(d.n, dim, sbo.Rand(d.seed, "design"))
	points := sbo.NewData(dim, 0, d.n)
	for i := range d.n {
		d.box.Place(points.Point(i), u[i*dim:(i+1)*dim])
	}
	q := designQuality{number(doe.MinDistance(u, dim)), number(doe.CenteredL2(u, dim)), number(doe.PhiP(u, dim, 50))}
	if a.json {
		rows := make([][]number, d.n)
		for i := range rows {
			rows[i] = numbers(points.Point(i))
		}
		return a.document(designDocument{d.sampler, d.seed, d.names, rows, q})
	}
	a.notef("%d points, %s, seed %d; in the unit cube: minimum distance %.4g, centered L2 discrepancy %.4g, phi_p %.4g",
		d.n, d.sampler, d.seed, float64(q.MinDistance), float64(q.CenteredL2), float64(q.PhiP))
	return sbo.WriteCSV(a.out, sbo.Columns{Inputs: d.names}, points)
}

// plannedDesign settles what is to be drawn, from a study or from the flags.
func (a *app) plannedDesign(ctx context.Context, args []string, o designOptions, given func(string) bool) (drawn, error) {
	d := drawn{sampler: o.sampler, n: o.n, seed: o.seed}
	alone := given("dim") || given("bounds")
	switch {
	case alone && len(args) > 0:
		return d, usage("a study has its own variables: leave out %s, or --dim and --bounds", args[0])
	case alone:
		if err := d.variables(o); err != nil {
			return d, err
		}
		if !given("n") {
			return d, usage("say how many points, with --n").hint("as in: sbo design --n %d --dim %d", 10*len(d.names), len(d.names))
		}
	default:
		if len(args) == 0 && !exists(study.FileName) {
			return d, usage("name the folder of a study, or say --n and --dim").hint("as in: sbo design --n 40 --dim 3")
		}
		s, err := a.openStudy(ctx, folderOf(args), study.Options{})
		if err != nil {
			return d, err
		}
		plan := s.Plan()
		d.names, d.box = plan.Problem().VariableNames(), plan.Problem().Box()
		if !given("sampler") {
			d.sampler = plan.Design.Sampler
		}
		if !given("n") {
			d.n = min(plan.Design.Samples, plan.Budget.Evaluations)
		}
		if !given("seed") {
			d.seed = plan.Seed
		}
	}
	if d.n < 1 || d.n > mostPoints/len(d.names) {
		return d, usage("--n %d: a design has between 1 and %d points here", d.n, mostPoints/len(d.names))
	}
	return d, nil
}

// mostPoints bounds a design by the numbers in it, so that a slip of the finger
// does not fill the memory.
const mostPoints = 50_000_000

// variables sets names and box from the flags.
func (d *drawn) variables(o designOptions) error {
	for _, b := range o.bounds {
		name, text, ok := strings.Cut(b, "=")
		if !ok || name == "" {
			return usage("--bounds %s: write it as name=lower:upper", b)
		}
		if slices.Contains(d.names, name) {
			return usage("--bounds names %s twice", name)
		}
		lower, upper, err := parseRange("bounds", name, text)
		if err != nil {
			return err
		}
		d.names, d.box.Lower, d.box.Upper = append(d.names, name), append(d.box.Lower, lower), append(d.box.Upper, upper)
	}
	switch {
	case len(d.names) > 0 && o.dim > 0 && o.dim != len(d.names):
		return usage("--bounds has %d variables, and --dim says %d", len(d.names), o.dim)
	case len(d.names) > 0:
		return nil
	case o.dim < 1 || o.dim > math.MaxInt16:
		return usage("--dim %d: a design has between 1 and %d variables", o.dim, math.MaxInt16)
	}
	d.names = numbered("x", o.dim)
	d.box.Lower, d.box.Upper = make([]float64, o.dim), slices.Repeat([]float64{1}, o.dim)
	return nil
}
