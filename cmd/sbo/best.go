package main

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

func (a *app) bestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "best [DIR]",
		Short: "Print the best point of a study, and why it is believed",
		Long: "Prints the best feasible point that was evaluated, with its certificate: how nearly the\n" +
			"conditions of optimality (Karush, Kuhn, Tucker) hold there by measured partials, and what\n" +
			"the limits cost. If no point is feasible, the one with the smallest violation, and exit code 3.",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd.Context(), args, func(s *study.Study) error { return a.best(cmd.Context(), s) })
		},
	}
}

// bestPoint is a best point in JSON.
type bestPoint struct {
	ID        int    `json:"id"`
	X         pairs  `json:"x"`
	Y         pairs  `json:"y"`
	Feasible  bool   `json:"feasible"`
	Violation number `json:"violation"`
}

func newBestPoint(p sbo.Problem, id int, x, y []float64) *bestPoint {
	return &bestPoint{id, named(p.VariableNames(), x), named(p.ResponseNames(), y), p.Feasible(y), number(p.Violation(y))}
}

type bestDocument struct {
	*bestPoint
	Certificate certificateDocument `json:"certificate"`
}

// certificateDocument is a KKT condition in JSON.
type certificateDocument struct {
	Known       bool   `json:"known"`
	Residual    number `json:"residual"`
	Bounds      pairs  `json:"bounds"`
	Multipliers pairs  `json:"multipliers"`
}

func newCertificateDocument(p sbo.Problem, k optimize.KKT) certificateDocument {
	d := certificateDocument{k.Known, number(k.Residual), named(p.VariableNames(), k.Bounds), named(p.ResponseNames(), k.Multipliers)}
	if !k.Known {
		d.Residual = number(math.NaN())
	}
	return d
}

func (a *app) best(ctx context.Context, s *study.Study) error {
	st, err := s.Status(ctx)
	if err != nil {
		return err
	}
	if st.Best == nil && st.Evaluations.Total == 0 {
		return errNoAnswers(s)
	}
	if st.Best == nil {
		return fmt.Errorf("no evaluation of the study in %s has an answer yet; %d have failed", s.Dir(), st.Evaluations.Failed)
	}
	p := s.Plan().Problem()
	best, certificate, err := certified(ctx, s, st)
	if err != nil {
		return err
	}
	if a.json {
		err = a.document(bestDocument{newBestPoint(p, best.ID, best.X, best.Y), newCertificateDocument(p, certificate)})
	} else {
		a.printBest(p, best, certificate)
	}
	if err == nil && !best.Feasible {
		err = errInfeasible
	}
	return err
}

// certified returns the best point with its conditions of optimality: those that
// sbo run ends with or, where the course of the study has not come to its end, the
// best of what has been measured so far.
func certified(ctx context.Context, s *study.Study, st study.Status) (study.Best, optimize.KKT, error) {
	r, err := s.Replay(ctx)
	if err != nil {
		return study.Best{}, optimize.KKT{}, err
	}
	if r.Best != nil && r.Stopped != study.Unanswered {
		return *r.Best, r.Certificate, nil
	}
	b := study.Best{ID: st.Best.ID, X: st.Best.X, Y: st.Best.Y, Partials: st.Best.Partials, Feasible: st.Feasible, Violation: st.Violation}
	return b, optimize.ComputeKKT(s.Plan().Problem(), b.X, b.Y, b.Partials), nil
}

func (a *app) printBest(p sbo.Problem, best study.Best, certificate optimize.KKT) {
	a.printf("evaluation %d, %s\n\n", best.ID, feasibility(best.Feasible, best.Violation))
	known := certificate.Known
	x := &table{left: 1, header: []string{"variable", "value", "lower", "upper", "unit", "cost of the bound"}}
	for j, v := range p.Variables {
		x.add(v.Name, long(best.X[j]), short(v.Lower), short(v.Upper), v.Unit, multiplier(known, certificate.Bounds, j))
	}
	a.printf("%s\n", x)
	y := &table{left: 1, header: []string{"response", "value", "wanted", "unit", "cost of the limit"}}
	for k, r := range p.Responses {
		y.add(r.Name, long(best.Y[k]), r.Wanted(), r.Unit, multiplier(known, certificate.Multipliers, k))
	}
	a.printf("%s\n", y)
	if known {
		a.printf("The optimality conditions hold to %.1e, by measured partials.\n", certificate.Residual)
	} else {
		a.printf("The optimality conditions cannot be checked: a partial that they need was not delivered.\n")
	}
}

// multiplier is the entry of a table; empty where a limit is not active.
func multiplier(known bool, multipliers []float64, i int) string {
	if !known || multipliers[i] == 0 {
		return ""
	}
	return short(multipliers[i])
}

func itoa(n int) string { return strconv.Itoa(n) }
