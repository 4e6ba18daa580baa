package main

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
	"github.com/spf13/cobra"
)

type fitOptions struct {
	kind                 string
	inputs, outputs      []string
	holdout              string
	samples, folds       int
	noPartials, alone    bool
	diagnose             bool
	output, jenn         string
	seed                 uint64
	hidden               []string
	shared               bool
	trainer, activation  string
	lambda, beta, gamma  []string
	ensemble             int
	robust               bool
	fitTime              time.Duration
	iterations, restarts int
	batch                int
}

func (a *app) fitCommand() *cobra.Command {
	var o fitOptions
	c := &cobra.Command{
		Use:   "fit DATA.csv [flags]",
		Short: "Learn a model from a table, and say how accurate it is",
		Long: "Trains a neural network, or a kriging model (--kind kriging: for few rows, or local bumps), on a\n" +
			"table of samples, values and partials together, and compares it with the rows it has not seen. The partials of y by x are the column dy_dx. Names without\n" +
			"partials can be left to sbo: what is not an input is an output. DATA.csv may be - for\n" +
			"standard input.\n\n" +
			"By default it trains on four rows of five, but on no more than 100, and holds out the\n" +
			"others; and, where there are partials, also trains a network without them for comparison.",
		Example: "  sbo fit engine.csv --inputs mach,altitude --outputs thrust,sfc -o engine.json\n" +
			"  sbo fit samples.csv --outputs f --holdout 0 -o model.json\n" +
			"  sbo fit samples.csv --outputs f --diagnose",
		Args: oneTo(1, "the table to learn from"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range []string{"samples", "kfold"} {
				if n, _ := cmd.Flags().GetInt(name); cmd.Flags().Changed(name) && n < 2 {
					return usage("--%s must be at least 2", name)
				}
			}
			if err := o.checkKind(cmd.Flags().Changed); err != nil {
				return err
			}
			if o.samples > 0 && o.holdout != "" {
				return usage("--samples and --holdout say the same in two ways; give one of them")
			}
			return a.fit(cmd.Context(), args[0], o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.kind, "kind", kindJENN, "jenn, a neural network, or kriging")
	f.StringSliceVar(&o.inputs, "inputs", nil, "the columns with the variables")
	f.StringSliceVar(&o.outputs, "outputs", nil, "the columns with the responses")
	f.StringVar(&o.holdout, "holdout", "", "rows to hold out: a `FRACTION` below 1, or how many")
	f.IntVar(&o.samples, "samples", 0, "train on so many random rows, and hold out the others")
	f.IntVar(&o.folds, "kfold", 0, "also cross-validate over the rows of the training in so many folds")
	f.BoolVar(&o.noPartials, "no-partials", false, "train on the values only; the partials are compared all the same")
	f.BoolVar(&o.alone, "no-compare", false, "do not train a second network without the partials")
	f.BoolVar(&o.diagnose, "diagnose", false, "also say which numbers and partials look wrong, and what would help: more rows, partials, a larger network")
	f.StringVarP(&o.output, "output", "o", "", "write the model to `FILE`")
	f.StringVar(&o.jenn, "jenn", "", "write it to `FILE` as the Python package jenn does")
	f.Uint64Var(&o.seed, "seed", 0, "seed of the random choices")
	f.BoolVar(&o.shared, "shared", false, "one network for all responses instead of one for each; --jenn needs it")
	f.StringArrayVar(&o.hidden, "hidden", nil, "`WIDTHS` of the hidden layers, as 12,12 or thrust=12,12 (default: from the data)")
	f.StringVar(&o.trainer, "trainer", "", "lm, gncg, lbfgs or adam (default: by the size of the problem)")
	f.StringVar(&o.activation, "activation", "", "activation of the hidden layers (default: from the data)")
	f.StringSliceVar(&o.lambda, "lambda", nil, "weight of the regularization: a `NUMBER`, or thrust=NUMBER (default: by the trainer)")
	f.StringSliceVar(&o.beta, "beta", nil, "how much values count: a `NUMBER`, or thrust=NUMBER (default 1)")
	f.StringSliceVar(&o.gamma, "gamma", nil, "how much partials count: a `NUMBER`, thrust=NUMBER or thrust/mach=NUMBER (default 1)")
	f.BoolVar(&o.robust, "robust", false, "let go of outliers: values and partials that the others contradict")
	f.IntVar(&o.ensemble, "ensemble", 0, "networks that answer together, at most (default: by the trainer)")
	f.DurationVar(&o.fitTime, "fit-time", 0, "about how long the fit of a response may take on one core, as 30s or 5m (default: seconds to a minute, by the number of rows)")
	f.IntVar(&o.iterations, "iterations", 0, "steps of the trainer at most (default: by the trainer)")
	f.IntVar(&o.batch, "batch", 0, "rows in a step of the trainer adam (default: all, or 1000 of a large table)")
	f.IntVar(&o.restarts, "restarts", 0, "random initializations of each network (default: by the trainer)")
	a.complete(c, "kind", []string{kindJENN, kindKriging})
	a.complete(c, "trainer", texts(surrogate.Trainers()))
	a.complete(c, "activation", texts(surrogate.Activations()))
	return c
}

func texts[S ~string](values []S) []string {
	s := make([]string, len(values))
	for i, v := range values {
		s[i] = string(v)
	}
	return s
}

func (o fitOptions) training() (surrogate.Options, error) {
	t := surrogate.Options{
		Shared: o.shared, Trainer: surrogate.Trainer(o.trainer), Activation: surrogate.Activation(o.activation),
		Robust: o.robust, Ensemble: o.ensemble, FitTime: o.fitTime, Iterations: o.iterations, Restarts: o.restarts, Batch: o.batch, Workers: parallel(),
	}
	if o.jenn != "" { // its files hold one network, with one of a few activations
		if o.ensemble > 1 {
			return t, usage("--jenn %s: a file of the Python package jenn holds one network, not an ensemble of %d", o.jenn, o.ensemble)
		}
		t.Ensemble = 1
		if t.Activation == "" {
			t.Activation = surrogate.Tanh
		}
	}
	if err := t.Validate(); err != nil {
		return t, usage("%s", plain(err.Error()))
	}
	return t, nil
}

func (a *app) fit(ctx context.Context, file string, o fitOptions) error {
	training, err := o.training()
	if err != nil {
		return err
	}
	for _, output := range []string{o.output, o.jenn} { // better now than after the training
		if folder := filepath.Dir(output); output != "" && !exists(folder) {
			return usage("cannot write %s: there is no folder %s", output, folder)
		}
	}
	defer spareMemory(file)()
	d, columns, err := a.readTable(file, o.inputs, o.outputs)
	if err != nil {
		return err
	}
	if o.jenn != "" && !o.shared && len(columns.Outputs) > 1 {
		return usage("--jenn %s: a file of the Python package jenn holds one network; add --shared to train one for all %d responses", o.jenn, len(columns.Outputs))
	}
	if err := o.settle(&training, columns); err != nil {
		return err
	}
	rows := answered(d)
	if failed := d.Len() - len(rows); failed > 0 {
		a.notef("%s without any response left out", plural(failed, "row"))
	}
	train, rest, err := o.split(rows)
	if err != nil {
		return err
	}
	if o.folds > len(train) {
		return usage("--kfold %d: there are %d rows to train on", o.folds, len(train))
	}
	hasPartials := d.HasPartials()
	f := fitted{file: file, columns: columns, rows: train, folds: o.folds}
	f.train, f.rest = deal(d, train, rest)
	if len(columns.Ignored) > 0 {
		a.notef("columns not used: %s", list(columns.Ignored))
	}
	kinds := []bool{hasPartials && !o.noPartials}
	if kinds[0] && !o.alone {
		kinds = append(kinds, false)
	}
	for _, partials := range kinds {
		learn := a.learn
		if o.kind == kindKriging {
			learn = a.learnKriging
		}
		m, err := learn(ctx, f, partials, training, o.seed)
		if err != nil {
			return err
		}
		f.models = append(f.models, m)
	}
	if err := f.write(o); err != nil {
		return err
	}
	if o.diagnose {
		d, err := a.diagnose(ctx, f, training, o.seed)
		if err != nil {
			return err
		}
		f.diagnosis = &d
	}
	if a.json {
		return a.document(f.document(o))
	}
	a.printFit(f, o)
	return nil
}

// write writes the main network to the files that are asked for.
func (f fitted) write(o fitOptions) error {
	network := f.models[0].network
	if k := f.models[0].kriging; k != nil && o.output != "" {
		return create(o.output, k.Save)
	}
	if o.output != "" {
		if err := create(o.output, network.Save); err != nil {
			return err
		}
	}
	if o.jenn != "" {
		return create(o.jenn, network.SaveJENN)
	}
	return nil
}

// readTable reads a table that the user named.
func (a *app) readTable(file string, inputs, outputs []string) (sbo.Data, sbo.Columns, error) {
	r, err := a.open(file)
	if err != nil {
		return sbo.Data{}, sbo.Columns{}, err
	}
	d, columns, err := sbo.ReadCSV(r, file, inputs, outputs)
	if closed := r.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return d, columns, usage("the table cannot be used:\n%v", err)
	}
	return d, columns, nil
}

// scanTable calls f with the points of a table that the user named, some at a time.
func (a *app) scanTable(file string, inputs []string, f func(sbo.Data) error) error {
	r, err := a.open(file)
	if err != nil {
		return err
	}
	var failed error // of f: not a fault of the table
	err = sbo.ScanCSV(r, file, inputs, []string{}, func(_ sbo.Columns, d sbo.Data) error {
		failed = f(d)
		return failed
	})
	if closed := r.Close(); err == nil {
		err = closed
	}
	if err != nil && failed == nil {
		return usage("the table cannot be used:\n%v", err)
	}
	return failed
}

// mostByDefault is how many rows are trained on unless more are asked for: enough
// to see whether the network can learn the table, in seconds.
const mostByDefault = 100

// split deals the rows at random into those to train on and those held out.
func (o fitOptions) split(rows []int) (train, rest []int, err error) {
	m := len(rows)
	if m < 2 {
		return train, rest, usage("the table has %s; a model needs at least 2", plural(m, "row"))
	}
	n := min(max(m-m/5, 2), mostByDefault)
	switch {
	case o.samples > m:
		return train, rest, usage("--samples %d: the table has %d rows only", o.samples, m)
	case o.samples > 0:
		n = o.samples
	case o.holdout != "":
		held, err := strconv.ParseFloat(o.holdout, 64)
		switch {
		case err != nil || math.IsNaN(held) || held < 0 || held >= 1 && held != math.Trunc(held):
			return train, rest, usage("--holdout %s: give a fraction below 1, or a number of rows", o.holdout)
		case held < 1:
			held = math.Round(held * float64(m))
		}
		if held > float64(m-2) {
			return train, rest, usage("--holdout %s leaves fewer than 2 of %d rows to train on", o.holdout, m)
		}
		n = m - int(held)
	}
	order := make([]int, m)
	for i, at := range sbo.Rand(o.seed, "holdout").Perm(m) {
		order[i] = rows[at]
	}
	slices.Sort(order[:n])
	slices.Sort(order[n:])
	return order[:n], order[n:], nil
}

// answered returns the rows with any response.
func answered(d sbo.Data) []int {
	var rows []int
	for i := range d.Len() {
		if !d.Failed(i) {
			rows = append(rows, i)
		}
	}
	return rows
}
