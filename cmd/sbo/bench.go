package main

import (
	"context"
	"slices"
	"strconv"

	"github.com/sbo-go/sbo/cmd/sbo/internal/bench"
	"github.com/spf13/cobra"
)

func (a *app) benchCommand() *cobra.Command {
	var quick bool
	c := &cobra.Command{
		Use:   "bench [SUITE] [--quick]",
		Short: "Run the published comparisons again",
		Long: "Runs a suite of comparisons and prints its numbers beside their goals. Without SUITE, lists them.\n" +
			"paper: the demonstrations of arXiv 2406.09132, by which networks that learn partials became known.",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listSuites()
			}
			return a.bench(cmd.Context(), args[0], quick)
		},
		ValidArgs: bench.Names(),
	}
	c.Flags().BoolVar(&quick, "quick", false, "finish within a minute, with fewer seeds and shorter trainings")
	return c
}

func (a *app) listSuites() error {
	if a.json {
		return a.document(bench.Names())
	}
	for _, name := range bench.Names() {
		a.printf("%s\n", name)
	}
	return nil
}

func (a *app) bench(ctx context.Context, suite string, quick bool) error {
	if !slices.Contains(bench.Names(), suite) {
		return usage("there is no suite %q%s", suite, didYouMean(suite, bench.Names())).hint("the suites are %s", list(bench.Names()))
	}
	b := a.bar(barLength, suite)
	r, err := bench.Run(ctx, suite, bench.Options{Quick: quick, Progress: func(fraction float64, what string) { b.at(int(fraction*barLength), what) }})
	b.end()
	if err != nil {
		return err
	}
	if a.json {
		return a.document(r)
	}
	t := &table{left: 2, header: []string{"case", "metric", "value", "unit", "goal", ""}}
	previous := ""
	for _, row := range r.Rows {
		name, goal, mark := row.Case, "", ""
		if name == previous {
			name = ""
		}
		previous = row.Case
		if row.Goal != nil {
			sign := map[string]string{"higher": ">= ", "lower": "<= "}[row.Better]
			goal, mark = sign+short(*row.Goal), "reached"
			if !row.Reached() {
				mark = "missed"
			}
		}
		t.add(name, row.Metric, strconv.FormatFloat(row.Value, 'g', 9, 64), row.Unit, goal, mark)
	}
	a.printf("suite %s on %s/%s, %d processors, %s\n\n%s", r.Suite, r.Machine.OS, r.Machine.Arch, r.Machine.CPUs, r.Machine.Go, t)
	return nil
}
