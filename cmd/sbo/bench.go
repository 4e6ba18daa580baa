package main

import (
	"context"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo/cmd/sbo/internal/bench"
	"github.com/spf13/cobra"
)

type benchOptions struct {
	quick  bool
	cases  []string
	tables []string
	plot   string
	export string

	parts    []string
	seeds    int
	runs     bool
	profiles bool
}

func (a *app) benchCommand() *cobra.Command {
	var o benchOptions
	c := &cobra.Command{
		Use:   "bench [SUITE] [--quick]",
		Short: "Run the published comparisons again",
		Long: "Runs a suite of comparisons and prints its numbers beside their goals. Without SUITE, lists them.\n\n" +
			"paper: the demonstrations of arXiv 2406.09132, by which networks that learn partials became known.\n" +
			"train: what the automatic training gets out of few samples, with right partials, wrong ones and\n" +
			"       none, beside the trainer of the reference (ADAM) and L-BFGS. Takes the better part of an\n" +
			"       hour without --quick.\n" +
			"optimize: how many evaluations the loop of sbo run needs to the optimum, beside direct solvers from\n" +
			"       many starts. --suite chooses its parts.\n" +
			"airfoil: optimizations of airfoil sections, their analysis beside XFOIL, how many samples it takes to\n" +
			"       learn drag, lift and moment with partials and without, and how fast the analysis is.\n" +
			"study: what a study costs besides its evaluations: by the evaluation, to open one with many\n" +
			"       answers, and to go on.\n" +
			"kernels: how fast a step of training and predictions are, beside the same without our kernels,\n" +
			"       and as a share of what a core can do. Needs a machine with nothing else to do.",
		Example: "  sbo bench train --quick\n" +
			"  sbo bench train --case rosenbrock2-9,otl-30\n" +
			"  sbo bench train --data engine.csv --data airfoil.csv.gz --plot samples.png --json\n" +
			"  sbo bench optimize --case rosen5,hartmann6 --seeds 5 --runs",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listSuites()
			}
			return a.bench(cmd.Context(), args[0], o)
		},
		ValidArgs: bench.Names(),
	}
	f := c.Flags()
	f.BoolVar(&o.quick, "quick", false, "finish within a minute, with fewer seeds, cases and shorter trainings")
	f.StringSliceVar(&o.cases, "case", nil, "run these cases only, as rosenbrock2-9,otl-30")
	f.StringArrayVar(&o.tables, "data", nil, "train: also learn the table in `FILE.csv`, or .csv.gz, with partials; once for each")
	f.StringVar(&o.plot, "plot", "", "train, airfoil: draw how many samples are needed into `FILE.png`")
	f.StringVar(&o.export, "export", "", "train: write the samples of the comparisons to the folder `DIR` for other programs, and run nothing")
	f.StringSliceVar(&o.parts, "suite", nil, "optimize: the parts to run, of "+list(bench.Parts()))
	f.IntVar(&o.seeds, "seeds", 0, "optimize, airfoil: run every case with so many seeds")
	f.BoolVar(&o.runs, "runs", false, "optimize: show every single run")
	f.BoolVar(&o.profiles, "profiles", false, "optimize: show the share of runs that were done after so many evaluations")
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

func (a *app) bench(ctx context.Context, suite string, o benchOptions) error {
	settings, err := a.benchSettings(suite, o)
	if err != nil {
		return err
	}
	if o.export != "" {
		return bench.Export(ctx, o.export, settings)
	}
	var curves []bench.Curve
	settings.Curves = func(c bench.Curve) { curves = append(curves, c) }
	b := a.bar(suite)
	settings.Progress = func(fraction float64, what string) { b.at(int(fraction*barLength), what) }
	r, err := bench.Run(ctx, suite, settings)
	b.end()
	if err != nil {
		return err
	}
	if o.plot != "" {
		if err := create(o.plot, func(w io.Writer) error { return bench.Plot(w, curves) }); err != nil {
			return err
		}
	}
	if a.json {
		return a.document(r)
	}
	a.printf("suite %s on %s/%s, %d processors, instructions %s, %s\n", r.Suite, r.Machine.OS, r.Machine.Arch, r.Machine.CPUs, r.Machine.Instructions, r.Machine.Go)
	for _, note := range r.Notes {
		a.printf("%s\n", note)
	}
	for _, t := range standingsTables(r.Standings) {
		a.printf("\n%s", t)
	}
	if o.runs {
		a.printf("\n%s", coursesTable(r.Runs))
	}
	if o.profiles {
		a.printf("\n%s", profilesTable(r.Profiles))
	}
	a.printf("\n%s", benchTable(r))
	return nil
}

// benchSettings reads the tables and looks whether there are the cases.
func (a *app) benchSettings(suite string, o benchOptions) (bench.Options, error) {
	settings := bench.Options{Quick: o.quick, Only: o.cases, Parts: o.parts, Seeds: o.seeds, Runs: o.runs}
	shim, err := attemptShim()
	if err != nil {
		return settings, err
	}
	settings.Shim = shim
	if !slices.Contains(bench.Names(), suite) {
		return settings, usage("there is no suite %q%s", suite, didYouMean(suite, bench.Names())).hint("the suites are %s", list(bench.Names()))
	}
	if suite != "train" && (len(o.tables) > 0 || o.export != "") {
		return settings, usage("--data and --export are for the suite train")
	}
	if suite != "train" && suite != "airfoil" && o.plot != "" {
		return settings, usage("--plot is for the suites train and airfoil")
	}
	if suite != "optimize" && (len(o.parts) > 0 || o.runs || o.profiles) {
		return settings, usage("--suite, --runs and --profiles are for the suite optimize")
	}
	if suite != "optimize" && suite != "airfoil" && o.seeds != 0 {
		return settings, usage("--seeds is for the suites optimize and airfoil")
	}
	if o.seeds < 0 {
		return settings, usage("--seeds is %d; it must be at least 1", o.seeds)
	}
	for _, part := range o.parts {
		if !slices.Contains(bench.Parts(), part) {
			return settings, usage("optimize has no part %q%s", part, didYouMean(part, bench.Parts())).hint("its parts are %s", list(bench.Parts()))
		}
	}
	if o.quick && len(o.tables) > 0 {
		return settings, usage("--quick leaves no time to learn --data; leave out one of them")
	}
	if folder := filepath.Dir(o.plot); o.plot != "" && !exists(folder) {
		return settings, usage("cannot write %s: there is no folder %s", o.plot, folder)
	}
	for _, file := range o.tables {
		d, columns, err := a.readTable(file, nil, nil)
		if err != nil {
			return settings, err
		}
		if !d.HasPartials() {
			return settings, usage("--data %s: its partials are all missing", file)
		}
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		settings.Tables = append(settings.Tables, bench.Table{Name: name, Columns: columns, Data: d.Answered()})
	}
	for _, name := range o.cases {
		if names := bench.Cases(suite, settings); !slices.Contains(names, name) {
			return settings, usage("%s has no case %q%s", suite, name, didYouMean(name, names)).hint("its cases are %s", list(names))
		}
	}
	return settings, nil
}

// benchTable sets the rows of a suite beside their goals.
func benchTable(r bench.Report) *table {
	t := &table{left: 2, header: []string{"case", "metric", "value", "unit", "goal", ""}}
	previous := ""
	for _, row := range r.Rows {
		name, goal, mark := row.Case, "", ""
		number := strconv.FormatFloat(row.Value, 'g', 9, 64)
		if math.IsInf(row.Value, 1) {
			number = "never"
		}
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
		t.add(name, row.Metric, number, row.Unit, goal, mark)
	}
	return t
}
