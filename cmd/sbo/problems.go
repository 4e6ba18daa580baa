package main

import (
	"context"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
	"github.com/spf13/cobra"
)

func (a *app) problemsCommand() *cobra.Command {
	var at []string
	c := &cobra.Command{
		Use:   "problems [NAME] [--at POINT]",
		Short: "List the built-in test problems, describe one, or evaluate it",
		Long: "Lists the built-in test problems, whose answers are known. With NAME, describes one; its\n" +
			"size may follow, as in rosenbrock5. With --at, evaluates it, partials included.",
		Example: "  sbo problems rosenbrock --at x1=1.25,x2=-1.75",
		Args:    atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				if len(at) > 0 {
					return usage("--at: name the problem to evaluate")
				}
				return a.listProblems()
			}
			p, err := problems.Lookup(args[0])
			if err != nil {
				return usage("%s", plain(err.Error())).hint("sbo problems describes them")
			}
			if len(at) > 0 {
				return a.evaluateProblem(cmd.Context(), p, at)
			}
			return a.describeProblem(p)
		},
		ValidArgs: problems.Names(),
	}
	c.Flags().StringSliceVar(&at, "at", nil, "evaluate it at `NAME=VALUE,...`")
	return c
}

// problemDocument is a test problem in JSON.
type problemDocument struct {
	Name       string            `json:"name"`
	Dimension  int               `json:"dimension"`
	Variables  []problemVariable `json:"variables"`
	Responses  []problemResponse `json:"responses"`
	Minimum    number            `json:"minimum"`
	Minimizers []pairs           `json:"minimizers"`
	Source     string            `json:"source"`
}

type problemVariable struct {
	Name  string `json:"name"`
	Unit  string `json:"unit,omitempty"`
	Lower number `json:"lower"`
	Upper number `json:"upper"`
}

type problemResponse struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit,omitempty"`
	Role  string  `json:"role"`
	Lower *number `json:"lower,omitempty"` // of a constraint; null: no limit
	Upper *number `json:"upper,omitempty"`
}

func newProblemDocument(p problems.Problem) problemDocument {
	d := problemDocument{Name: p.Name, Dimension: p.NX(), Minimum: number(p.Minimum), Source: p.Source}
	for _, v := range p.Variables {
		d.Variables = append(d.Variables, problemVariable{v.Name, v.Unit, number(v.Lower), number(v.Upper)})
	}
	for _, r := range p.Responses {
		response := problemResponse{Name: r.Name, Unit: r.Unit, Role: r.Role.String()}
		if r.Role == sbo.Constraint {
			lower, upper := number(r.Lower), number(r.Upper)
			response.Lower, response.Upper = &lower, &upper
		}
		d.Responses = append(d.Responses, response)
	}
	for _, x := range p.Minimizers {
		d.Minimizers = append(d.Minimizers, named(p.VariableNames(), x))
	}
	return d
}

func (a *app) listProblems() error {
	all := problems.All()
	if a.json {
		documents := make([]problemDocument, len(all))
		for i, p := range all {
			documents[i] = newProblemDocument(p)
		}
		return a.document(documents)
	}
	t := &table{left: 1, header: []string{"problem", "variables", "constraints", "minimum"}}
	for _, p := range all {
		t.add(p.Name, itoa(p.NX()), itoa(len(p.Constraints())), short(p.Minimum))
	}
	a.printf("%s", t)
	a.notef("sbo problems NAME tells more, the source among it")
	return nil
}

func (a *app) describeProblem(p problems.Problem) error {
	if a.json {
		return a.document(newProblemDocument(p))
	}
	a.printf("%s\n\n", p.Name)
	x := &table{left: 1, header: []string{"variable", "lower", "upper", "unit", "minimizer"}}
	for j, v := range p.Variables {
		best := ""
		if len(p.Minimizers) > 0 {
			best = short(p.Minimizers[0][j])
		}
		x.add(v.Name, short(v.Lower), short(v.Upper), v.Unit, best)
	}
	a.printf("%s\n", x)
	y := &table{left: 3, header: []string{"response", "wanted", "unit"}}
	for _, r := range p.Responses {
		y.add(r.Name, r.Wanted(), r.Unit)
	}
	a.printf("%s\nminimum %s, at %s\n", y, long(p.Minimum), plural(len(p.Minimizers), "point"))
	a.printf("source: %s\n", p.Source)
	return nil
}

func (a *app) evaluateProblem(ctx context.Context, p problems.Problem, at []string) error {
	inputs, outputs := p.VariableNames(), p.ResponseNames()
	x, err := parsePoint("at", at, inputs)
	if err != nil {
		return err
	}
	for _, text := range outside(p.Box(), inputs, x) {
		a.warnf("%s", text)
	}
	y, dydx := make([]float64, p.NY()), make([]float64, p.NY()*p.NX())
	if err := p.Evaluate(ctx, y, dydx, x); err != nil {
		return err
	}
	if a.json {
		return a.document(map[string]any{
			"problem": p.Name, "x": named(inputs, x), "y": named(outputs, y), "partials": jacobian{outputs, inputs, dydx},
			"feasible": p.Feasible(y), "violation": number(p.Violation(y)),
		})
	}
	a.printResponses(inputs, outputs, y, dydx)
	if len(p.Constraints()) > 0 {
		a.printf("%s\n", feasibility(p.Feasible(y), p.Violation(y)))
	}
	return nil
}

// printResponses prints responses with their partials.
func (a *app) printResponses(inputs, outputs []string, y, dydx []float64) {
	t := &table{left: 1, header: []string{"", "value"}}
	for _, name := range inputs {
		t.header = append(t.header, "by "+name)
	}
	for k, name := range outputs {
		row := []string{name, long(y[k])}
		for j := range inputs {
			row = append(row, short(dydx[k*len(inputs)+j]))
		}
		t.add(row...)
	}
	a.printf("%s", t)
}
