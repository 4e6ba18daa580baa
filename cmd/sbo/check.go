package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

type checkOptions struct{ evaluate, partials bool }

func (a *app) checkCommand() *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check [DIR] [flags]",
		Short: "Read a study and say what it would do; try its program",
		Long: "Reads the study in the folder DIR, by default the current one, and prints the plan.\n" +
			"Nothing is run, unless asked for; nothing is stored in any case. If jobs of Slurm are to\n" +
			"evaluate, it is asked whether it would take them.\n\n" +
			"--evaluate runs the program at the center of the bounds and says what it answered; then it\n" +
			"tries what studies count on: the same point again, another one, values without partials, two\n" +
			"at a time, and a time-out. That takes five to seven evaluations. Exit code 4 if the first\n" +
			"fails, 1 if a check goes wrong.\n" +
			"--partials compares the partials that it delivers there with differences of its values,\n" +
			"says what those that are wrong look like (sign, scale or unit, order, an old file) and how\n" +
			"noisy each response is. That takes four evaluations for each variable, and one. Exit code 5\n" +
			"if one is wrong.",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.check(cmd.Context(), folderOf(args), o) },
	}
	c.Flags().BoolVar(&o.evaluate, "evaluate", false, "run the program, and report on its answers")
	c.Flags().BoolVar(&o.partials, "partials", false, "compare its partials with differences")
	return c
}

// checkDocument is what check --json prints.
type checkDocument struct {
	OK         bool                `json:"ok"`
	Faults     []study.Fault       `json:"faults,omitempty"`
	Plan       *study.Plan         `json:"plan,omitempty"`
	Evaluation *evaluationDocument `json:"evaluation,omitempty"`
	Checks     []study.Check       `json:"checks,omitempty"`
	Missing    []string            `json:"missing_partials,omitempty"` // declared, and not delivered
	Noise      []noiseRow          `json:"noise,omitempty"`
	Audit      []auditRow          `json:"partials,omitempty"`
}

func (a *app) check(ctx context.Context, dir string, o checkOptions) error {
	s, err := a.openStudy(ctx, dir, study.Options{})
	if err != nil {
		var configured *study.ConfigError
		if a.json && errors.As(err, &configured) {
			err = said(errors.Join(err, a.document(checkDocument{Faults: configured.Faults})))
		}
		return err
	}
	d := checkDocument{OK: true, Plan: s.Plan()}
	if !a.json {
		if err := a.printPlan(ctx, s); err != nil {
			return err
		}
	}
	found := a.cluster(ctx, s, &d)
	if o.evaluate && found == nil {
		found = a.conform(ctx, s, &d)
	}
	if o.partials && found == nil {
		found = a.audit(ctx, s, &d)
	}
	d.OK = found == nil
	if a.json && (found == nil || d.Checks != nil || d.Audit != nil) {
		return errors.Join(found, a.document(d))
	}
	return errors.Join(found, s.Close())
}

func (a *app) printPlan(ctx context.Context, s *study.Study) error {
	plan, p := s.Plan(), s.Plan().Problem()
	a.printf("study %s in %s\n\n", plan.Study, s.Dir())
	x := &table{left: 1, header: []string{"variable", "lower", "upper", "unit"}}
	for _, v := range p.Variables {
		x.add(v.Name, short(v.Lower), short(v.Upper), v.Unit)
	}
	a.printf("%s\n", x)
	y := &table{left: 4, header: []string{"response", "wanted", "partials", "unit"}}
	mask, nx := plan.PartialMask(), p.NX()
	for k, r := range p.Responses {
		var by []string
		for j, v := range p.Variables {
			if mask[k*nx+j] {
				by = append(by, v.Name)
			}
		}
		delivered := list(by)
		if len(by) == nx {
			delivered = "all"
		} else if len(by) == 0 {
			delivered = "none"
		}
		y.add(r.Name, r.Wanted(), delivered, r.Unit)
	}
	a.printf("%s\n", y)
	t := &table{left: 2}
	t.add("evaluator", evaluatorText(plan))
	t.add("design", fmt.Sprintf("%s, %s", plan.Design.Sampler, plural(plan.Design.Samples, "sample")))
	budget := "at most " + plural(plan.Budget.Evaluations, "evaluation")
	if wall := time.Duration(plan.Budget.Walltime); wall > 0 {
		budget += fmt.Sprintf(", %v", wall)
	}
	t.add("budget", budget)
	t.add("seed", strconv.FormatUint(plan.Seed, 10))
	st, err := s.Status(ctx)
	if err != nil {
		return err
	}
	if st.Evaluations.Total > 0 {
		t.add("stored", plural(st.Evaluations.Done+st.Evaluations.Failed, "evaluation")+"; sbo run goes on from there")
	}
	a.printf("%s\n", t)
	return nil
}

// cluster checks the cluster that is to evaluate the study, if one is.
func (a *app) cluster(ctx context.Context, s *study.Study, d *checkDocument) error {
	d.Checks = s.Cluster(ctx)
	if len(d.Checks) == 0 {
		return nil
	}
	if !a.json {
		a.printChecks(d.Checks)
		a.printf("\n")
	}
	if wrong := wrongs(d.Checks); wrong > 0 {
		return fmt.Errorf("%s of %d of the cluster went wrong", plural(wrong, "check"), len(d.Checks))
	}
	return nil
}

func evaluatorText(plan *study.Plan) string {
	e := plan.Evaluator
	if e.Ask {
		return "whoever asks: sbo ask gives points, sbo tell takes the answers"
	}
	if len(e.Command) == 0 {
		return "the built-in problem " + e.Problem
	}
	text := strings.Join(e.Command, " ")
	if e.Executor == study.ExecutorSlurm {
		text += ", in jobs of Slurm"
	}
	switch {
	case e.Persistent:
		text += ", answering line by line"
	case e.Protocol != study.ProtocolJSON:
		text += ", asked by the protocol " + string(e.Protocol)
	}
	if e.Executor == study.ExecutorSlurm {
		text += fmt.Sprintf(", at most %d in the queue", e.Workers)
	} else {
		text += ", " + plural(max(e.Workers, 1), "worker")
	}
	if timeout := time.Duration(e.Timeout); timeout > 0 {
		text += fmt.Sprintf(", timeout %v", timeout)
	}
	if e.Retries > 0 {
		text += fmt.Sprintf(", tried again up to %s", plural(e.Retries, "time"))
	}
	return text
}
