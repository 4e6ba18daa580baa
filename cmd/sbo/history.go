package main

import (
	"context"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

func (a *app) historyCommand() *cobra.Command {
	var csv bool
	c := &cobra.Command{
		Use:   "history [DIR] [--csv]",
		Short: "List every evaluation of a study",
		Long: "Lists every evaluation in the order in which they were asked for, with what came of it.\n" +
			"--csv prints those with an answer as a table that sbo fit reads; --json one document a line.",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if csv && a.json {
				return usage("--csv and --json are two forms of the same; give one of them")
			}
			return a.with(cmd.Context(), args, func(s *study.Study) error { return a.history(cmd.Context(), s, csv) })
		},
	}
	c.Flags().BoolVar(&csv, "csv", false, "print the answers as CSV, partials included")
	return c
}

// evaluationDocument is an evaluation in JSON.
type evaluationDocument struct {
	ID        int         `json:"id"`
	State     study.State `json:"state"`
	Phase     string      `json:"phase"`
	Round     int         `json:"round"`
	Reason    string      `json:"reason,omitempty"`
	X         pairs       `json:"x"`
	Y         pairs       `json:"y,omitzero"`
	Partials  jacobian    `json:"partials,omitzero"`
	Predicted pairs       `json:"predicted,omitzero"`
	Cause     string      `json:"cause,omitempty"`
	Note      string      `json:"note,omitempty"`
	Dir       string      `json:"dir,omitempty"`
	Stderr    string      `json:"stderr,omitempty"`
	Job       string      `json:"job,omitempty"`
	Attempts  int         `json:"attempts"`
	Seconds   number      `json:"seconds"`
}

func newEvaluationDocument(p sbo.Problem, e study.Evaluation) evaluationDocument {
	inputs, outputs := p.VariableNames(), p.ResponseNames()
	return evaluationDocument{
		e.ID, e.State, e.Phase, e.Round, e.Reason, named(inputs, e.X), named(outputs, e.Y),
		jacobian{outputs, inputs, e.Partials},
		named(outputs, e.Predicted), e.Cause, e.Note, e.Dir, e.Stderr, e.Job, e.Attempts, number(e.Seconds),
	}
}

func (a *app) history(ctx context.Context, s *study.Study, csv bool) error {
	history, err := s.History(ctx)
	if err != nil {
		return err
	}
	p := s.Plan().Problem()
	if len(history) == 0 && !a.json && !csv {
		return errNoAnswers(s)
	}
	switch {
	case a.json:
		for _, e := range history {
			if err := a.line(newEvaluationDocument(p, e)); err != nil {
				return err
			}
		}
		return nil
	case csv:
		d := sbo.NewData(p.NX(), p.NY(), 0)
		for _, e := range history {
			if e.State == study.Done {
				d = d.Append(sbo.Data{NX: p.NX(), NY: p.NY(), X: e.X, Y: e.Y, Partials: e.Partials})
			}
		}
		return sbo.WriteCSV(a.out, sbo.Columns{Inputs: p.VariableNames(), Outputs: p.ResponseNames()}, d)
	}
	a.printHistory(p, history)
	return nil
}

func (a *app) printHistory(p sbo.Problem, history []study.Evaluation) {
	t := &table{left: 3, header: []string{"id", "state", "round"}}
	t.header = append(append(append(t.header, p.VariableNames()...), p.ResponseNames()...), "violation", "seconds", "")
	for _, e := range history {
		round := "design"
		if e.Round > 0 {
			round = itoa(e.Round)
		}
		row := []string{itoa(e.ID), string(e.State), round}
		for _, v := range e.X {
			row = append(row, short(v))
		}
		violation := math.NaN()
		if e.Y != nil {
			violation = p.Violation(e.Y)
		}
		for k := range p.Responses {
			v := math.NaN()
			if e.Y != nil {
				v = e.Y[k]
			}
			row = append(row, short(v))
		}
		t.add(append(row, short(violation), short(math.Round(1000*e.Seconds)/1000), e.Cause)...)
	}
	a.printf("%s", t)
}
