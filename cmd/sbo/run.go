package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"time"

	"github.com/sbo-go/sbo/report"
	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

type runOptions struct {
	workers, budget int
	seed            uint64
	deadline        time.Duration
	wait            bool
}

func (a *app) runCommand() *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run [DIR] [flags]",
		Short: "Run a study, or go on with it: design, evaluate, learn, optimize, verify",
		Long: "Runs the study in the folder DIR, by default the current one, to its end. Every answer is\n" +
			"stored before it is used: interrupt the run whenever you like, and run it again to go on.\n" +
			"The result does not depend on that, nor on the number of workers.",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for name, bad := range map[string]bool{"workers": o.workers < 1, "budget": o.budget < 1, "deadline": o.deadline <= 0} {
				if cmd.Flags().Changed(name) && bad {
					return usage("--%s must be more than 0", name)
				}
			}
			settings := study.Options{Workers: o.workers, Budget: o.budget, Deadline: o.deadline, Wait: o.wait}
			if cmd.Flags().Changed("seed") {
				settings.Seed = &o.seed
			}
			return a.run(cmd.Context(), folderOf(args), settings)
		},
	}
	c.Flags().IntVar(&o.workers, "workers", 0, "evaluations at a time (default: as planned)")
	c.Flags().IntVar(&o.budget, "budget", 0, "evaluations at most (default: as planned)")
	c.Flags().Uint64Var(&o.seed, "seed", 0, "seed of all random choices (default: as planned)")
	c.Flags().DurationVar(&o.deadline, "deadline", 0, "end the run after this time, as 90m or 8h (default: as planned)")
	c.Flags().BoolVar(&o.wait, "wait", false, "if others evaluate (ask: true), wait for their answers; else the run ends at the first that is missing, with exit code 6")
	return c
}

func (a *app) run(ctx context.Context, dir string, o study.Options) error {
	l := a.live()
	o.Progress = l.event
	s, err := a.openStudy(ctx, dir, o)
	if err != nil {
		return err
	}
	l.problem = s.Plan().Problem()
	r, err := s.Run(ctx)
	l.bar.end()
	err = errors.Join(err, s.Close())
	if r == nil {
		return err
	}
	page := ""
	var lost *study.FolderError                                      // where there would be no place for one
	if ctx.Err() == nil && r.Best != nil && !errors.As(err, &lost) { // whoever interrupts does not want to wait for a page
		page = filepath.Join(s.Dir(), ".sbo", "report.html")
		write := func(w io.Writer) error { return report.HTML(ctx, w, r, report.Options{Time: time.Now()}) }
		if pageErr := create(page, write); pageErr != nil {
			a.warnf("no report: %v", plain(pageErr.Error()))
			page = ""
		}
	}
	if a.json {
		return verdict(r, errors.Join(err, report.JSON(a.out, r)))
	}
	err = errors.Join(err, report.Text(a.out, r))
	if page != "" {
		a.printf("\nreport: %s\n", page)
	}
	if r.Stopped == study.Unanswered {
		a.notef("sbo ask %s gives the points, sbo tell %s takes the answers", dir, dir)
	}
	if r.Stopped == study.Interrupted {
		a.warnf("nothing is lost: sbo run %s goes on from here", dir)
	}
	return verdict(r, err)
}
