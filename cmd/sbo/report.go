package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"time"

	"github.com/sbo-go/sbo/report"
	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

func (a *app) reportCommand() *cobra.Command {
	var file string
	var o report.Options
	c := &cobra.Command{
		Use:   "report [DIR] [-o FILE]",
		Short: "Write a page about a study: one HTML file, to be opened anywhere",
		Long: "Writes the report of a study, also of one that runs: one HTML file without links to anything\n" +
			"else, by default .sbo/report.html in the study's folder. \"-o -\" prints it. With --json,\n" +
			"prints the document that sbo run --json ends with.",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd.Context(), args, func(s *study.Study) error { return a.report(cmd.Context(), s, file, o) })
		},
	}
	c.Flags().StringSliceVar(&o.Contour, "contour", nil, "the two variables to draw contours over (default: those that matter most)")
	c.Flags().StringVarP(&file, "output", "o", "", "where to write it, as `FILE`")
	return c
}

func (a *app) report(ctx context.Context, s *study.Study, file string, o report.Options) error {
	o.Time = time.Now()
	names := s.Plan().Problem().VariableNames()
	for _, name := range o.Contour {
		if !slices.Contains(names, name) {
			return usage("--contour: there is no variable %q%s", name, didYouMean(name, names)).hint("the variables are %s", list(names))
		}
	}
	if n := len(o.Contour); n != 0 && n != 2 {
		return usage("--contour: name two variables, as in --contour %s", list(names[:min(2, len(names))]))
	}
	st, err := s.Status(ctx)
	if err != nil {
		return err
	}
	if st.Evaluations.Total == 0 {
		return errNoAnswers(s)
	}
	r, err := s.Replay(ctx)
	if err != nil {
		return err
	}
	if file == "-" {
		return report.HTML(ctx, a.out, r, o)
	}
	if a.json {
		err = report.JSON(a.out, r)
	}
	if a.json && file == "" {
		return err
	}
	if file == "" {
		file = filepath.Join(s.Dir(), ".sbo", "report.html")
	}
	err = errors.Join(err, create(file, func(w io.Writer) error { return report.HTML(ctx, w, r, o) }))
	if err == nil && !a.json {
		a.printf("%s\n", file)
	}
	return err
}
