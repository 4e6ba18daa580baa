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
	return &bestPoint{id, named(variableNames(p), x), named(responseNames(p), y), p.Feasible(y), number(p.Violation(y))}
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
	d := certificateDocument{k.Known, number(k.Residual), named(variableNames(p), k.Bounds), named(responseNames(p), k.Multipliers)}
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
	certificate, err := a.certificate(ctx, s, st.Best)
	if err != nil {
		return err
	}
	if a.json {
		err = a.document(bestDocument{newBestPoint(p, st.Best.ID, st.Best.X, st.Best.Y), newCertificateDocument(p, certificate)})
	} else {
		a.printBest(p, st, certificate)
	}
	if err == nil && !st.Feasible {
		err = errInfeasible
	}
	return err
}

// certificate returns the conditions of optimality at the best point: those that
// the study itself judged by or, where its course has not come to that point, a
// fresh look at what was measured there.
func (a *app) certificate(ctx context.Context, s *study.Study, best *study.Evaluation) (optimize.KKT, error) {
	r, err := s.Replay(ctx)
	if err != nil {
		return optimize.KKT{}, err
	}
	if r.Best != nil && r.Best.ID == best.ID {
		return r.Certificate, nil
	}
	return optimize.ComputeKKT(s.Plan().Problem(), best.X, best.Y, best.Partials), nil
}

func (a *app) printBest(p sbo.Problem, st study.Status, certificate optimize.KKT) {
	a.printf("evaluation %d, %s\n\n", st.Best.ID, feasibility(st.Feasible, st.Violation))
	known := certificate.Known
	x := &table{left: 1, header: []string{"variable", "value", "lower", "upper", "unit", "cost of the bound"}}
	for j, v := range p.Variables {
		x.add(v.Name, long(st.Best.X[j]), short(v.Lower), short(v.Upper), v.Unit, multiplier(known, certificate.Bounds, j))
	}
	a.printf("%s\n", x)
	y := &table{left: 1, header: []string{"response", "value", "wanted", "unit", "cost of the limit"}}
	for k, r := range p.Responses {
		y.add(r.Name, long(st.Best.Y[k]), limits(r), r.Unit, multiplier(known, certificate.Multipliers, k))
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
