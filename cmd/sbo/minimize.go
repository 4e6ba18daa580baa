package main

import (
	"context"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/problems"
	"github.com/spf13/cobra"
)

type minimizeOptions struct {
	minimize, maximize      string
	atMost, atLeast, equals []string
	bounds, from            []string
	starts                  int
	seed                    uint64
	method                  string
}

func (a *app) minimizeCommand() *cobra.Command {
	var o minimizeOptions
	c := &cobra.Command{
		Use:   "minimize MODEL|PROBLEM [flags]",
		Short: "Find the best point of a model, or of a built-in problem",
		Long: "Minimizes a response of a model that sbo fit wrote, or a built-in test problem, from many\n" +
			"starts, inside the bounds and under constraints. A model's bounds are the range it was trained\n" +
			"on, unless given. What the best point of a model is worth, only the simulation can tell.",
		Example: "  sbo minimize model.json --minimize mass --at-most stress=250 --bounds width=1:3\n  sbo minimize rosenbrock --from x1=1.25,x2=-1.75",
		Args:    oneTo(1, "the file of a model, or a built-in problem"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.minimize != "" && o.maximize != "" {
				return usage("there is one objective: give --minimize or --maximize")
			}
			if o.starts < 1 {
				return usage("--starts must be at least 1")
			}
			return a.minimize(cmd.Context(), args[0], o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.minimize, "minimize", "", "the response to minimize (default: the only one)")
	f.StringVar(&o.maximize, "maximize", "", "the response to maximize")
	f.StringSliceVar(&o.atMost, "at-most", nil, "upper limits, as `NAME=VALUE,...`")
	f.StringSliceVar(&o.atLeast, "at-least", nil, "lower limits, as `NAME=VALUE,...`")
	f.StringSliceVar(&o.equals, "equals", nil, "values to be met, as `NAME=VALUE,...`")
	f.StringSliceVar(&o.bounds, "bounds", nil, "bounds of variables, as `NAME=LOWER:UPPER,...`")
	f.StringSliceVar(&o.from, "from", nil, "one start, as `NAME=VALUE,...`, instead of many")
	f.IntVar(&o.starts, "starts", 30, "how many starts")
	f.Uint64Var(&o.seed, "seed", 0, "seed of the starts")
	f.StringVar(&o.method, "method", string(optimize.LBFGS), "lbfgs or bfgs")
	a.complete(c, "method", []string{string(optimize.LBFGS), string(optimize.BFGS)})
	return c
}

// target is what is minimized.
type target struct {
	sbo.Evaluator
	problem sbo.Problem
	model   bool // rather than a test problem
}

func (a *app) minimize(ctx context.Context, name string, o minimizeOptions) error {
	settings := optimize.Options{Method: optimize.Method(o.method), Workers: parallel()}
	if err := settings.Validate(); err != nil {
		return usage("%s", plain(err.Error()))
	}
	t, err := a.target(name, o)
	if err != nil {
		return err
	}
	starts, err := o.starting(t.problem)
	if err != nil {
		return err
	}
	results, err := optimize.Multistart(ctx, t.problem, t, starts, settings)
	if err != nil {
		return err
	}
	best := results[0]
	if a.json {
		err = a.document(newMinimumDocument(t.problem, results))
	} else {
		a.printMinimum(t, results)
	}
	if err == nil && !best.Feasible {
		err = errInfeasible
	}
	return err
}

// target finds out what the name stands for: a file, else a problem.
func (a *app) target(name string, o minimizeOptions) (target, error) {
	if p, err := problems.Lookup(name); err == nil && !exists(name) {
		t := target{Evaluator: p, problem: p.Problem}
		if o.roles() {
			return t, usage("%s has its own objective and constraints; --minimize, --maximize, --at-most, --at-least and --equals are for models", p.Name)
		}
		return t, o.bound(&t.problem)
	} else if !exists(name) {
		return target{}, usage("there is neither a file %s nor a problem of that name%s", name, didYouMean(name, problems.Names())).hint("sbo fit writes a model; sbo problems lists the problems")
	}
	m, columns, err := a.loadModel(name)
	if err != nil {
		return target{}, err
	}
	t := target{Evaluator: m, model: true, problem: sbo.Problem{Name: name}}
	for j, input := range columns.Inputs {
		v := sbo.Variable{Name: input, Lower: math.NaN(), Upper: math.NaN()}
		if len(m.lower) > j && len(m.upper) > j {
			v.Lower, v.Upper = m.lower[j], m.upper[j]
		}
		if len(m.units) > j {
			v.Unit = m.units[j]
		}
		t.problem.Variables = append(t.problem.Variables, v)
	}
	if err := o.bound(&t.problem); err != nil {
		return t, err
	}
	for _, v := range t.problem.Variables {
		if math.IsNaN(v.Lower) {
			return t, usage("the model does not know the range of %s", v.Name).hint("give it, as in --bounds %s=0:1", v.Name)
		}
	}
	t.problem.Responses, err = o.wanted(columns.Outputs)
	return t, err
}

// starting returns the starts: one given, or many spread over the bounds.
func (o minimizeOptions) starting(p sbo.Problem) ([]float64, error) {
	box := p.Box()
	if len(o.from) > 0 {
		x, err := parsePoint("from", o.from, p.VariableNames())
		if err != nil {
			return nil, err
		}
		if out := outside(box, p.VariableNames(), x); len(out) > 0 {
			return nil, usage("--from: %s", list(out))
		}
		return x, nil
	}
	nx := p.NX()
	starts := doe.LatinHypercube{}.Sample(o.starts, nx, sbo.Rand(o.seed, "starts"))
	for u := range slices.Chunk(starts, nx) {
		box.Place(u, u)
	}
	return starts, nil
}
