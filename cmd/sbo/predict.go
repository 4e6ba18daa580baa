package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
	"github.com/spf13/cobra"
)

type predictOptions struct {
	at            []string
	partials, std bool
	interval      float64
	output        string
}

func (a *app) predictCommand() *cobra.Command {
	var o predictOptions
	c := &cobra.Command{
		Use:   "predict MODEL [POINTS.csv] [flags]",
		Short: "Predict the responses of a model at points",
		Long: "Prints what a model predicts at the points of a table, or at one point named by --at, as CSV.\n" +
			"Columns are found by the names of the model's inputs; others are ignored. POINTS.csv may be -\n" +
			"for standard input. Points outside the range that the model was trained on are warned of.\n\n" +
			"With --std it also says how far to rely on them: for each response y the columns std_y, the\n" +
			"standard deviation of a run's answer about the prediction; lower_y and upper_y, between which\n" +
			"it lies with the probability of --interval; and trust_y, the share of the variance of y that\n" +
			"the model knows there, 1 for everything and 0 for nothing. With --json also the distance to the\n" +
			"nearest sample, in typical distances between samples.",
		Example: "  sbo predict model.json points.csv --partials > predicted.csv\n  sbo predict model.json --at mach=0.7,altitude=11",
		Args:    oneTo(2, "the file of a model"),
		RunE: func(_ *cobra.Command, args []string) error {
			if !(o.interval > 0 && o.interval < 1) {
				return usage("--interval %v is not a probability above 0 and below 1", o.interval)
			}
			return a.predict(args, o)
		},
	}
	c.Flags().StringSliceVar(&o.at, "at", nil, "the point to predict, as `NAME=VALUE,...`")
	c.Flags().BoolVar(&o.partials, "partials", false, "predict the partials, too")
	c.Flags().BoolVar(&o.std, "std", false, "say how far to rely on the predictions")
	c.Flags().Float64Var(&o.interval, "interval", 0.9, "`PROBABILITY` of the intervals of --std")
	c.Flags().StringVarP(&o.output, "output", "o", "", "write the CSV to `FILE`")
	return c
}

func (a *app) predict(args []string, o predictOptions) error {
	if (len(o.at) > 0) == (len(args) == 2) {
		return usage("name a table of points, or one point with --at").hint("as in: sbo predict %s points.csv", args[0])
	}
	m, columns, err := a.loadModel(args[0])
	if err != nil {
		return err
	}
	var d sbo.Data
	if len(args) == 2 {
		d, _, err = a.readTable(args[1], columns.Inputs, []string{})
	} else {
		var x []float64
		x, err = parsePoint("at", o.at, columns.Inputs)
		d = sbo.Data{NX: len(x), X: x}
	}
	if err != nil {
		return err
	}
	p := sbo.NewData(d.NX, len(columns.Outputs), d.Len())
	copy(p.X, d.X)
	for i := range p.Len() {
		m.Predict(p.Responses(i), p.Point(i))
		if o.partials {
			m.PredictPartials(p.PartialsOf(i), p.Point(i))
		}
	}
	a.warnOfExtrapolation(m, columns, p)
	if unknown := p.Len() > 0 && math.IsNaN(m.PredictStd(nil, p.Point(0))[0]); o.std && unknown {
		a.warnf("the model does not know how uncertain it is: only models of the trainer lm, without a given lambda, do")
	}
	write := func(w io.Writer) error {
		if o.std {
			more, d := withUncertainty(m, columns, p, o)
			return sbo.WriteCSV(w, more, d)
		}
		return sbo.WriteCSV(w, columns, p)
	}
	if a.json {
		write = func(io.Writer) error { return a.document(predictions(m, columns, p, o)) }
	}
	if o.output != "" && !a.json {
		return create(o.output, write)
	}
	return write(a.out)
}

// warnOfExtrapolation says for every input how many points leave the range that
// the model was trained on, and how far.
func (a *app) warnOfExtrapolation(m model, c sbo.Columns, d sbo.Data) {
	count, farthest := make([]int, d.NX), make([]surrogate.Extrapolation, d.NX)
	for i := range d.Len() {
		for _, e := range m.extrapolates(d.Point(i)) {
			count[e.Input]++
			if e.Overshoot >= farthest[e.Input].Overshoot {
				farthest[e.Input] = e
			}
		}
	}
	if !slices.ContainsFunc(count, func(n int) bool { return n > 0 }) {
		return
	}
	for j, n := range count {
		if e := farthest[j]; n > 0 {
			a.warnf("%s outside the range of %s that the model knows, %s to %s, up to %s (%.0f %% of the range beyond it)",
				map[bool]string{true: "1 point is", false: fmt.Sprintf("%d points are", n)}[n == 1], c.Inputs[j], short(e.Lower), short(e.Upper), short(e.Value), 100*e.Overshoot)
		}
	}
	a.warnf("predictions there are guesses")
}

// predictionDocument is one predicted point in JSON.
type predictionDocument struct {
	X            pairs    `json:"x"`
	Y            pairs    `json:"y"`
	Partials     jacobian `json:"partials,omitzero"`
	Extrapolates []string `json:"extrapolates,omitempty"` // inputs outside their trained range

	*uncertaintyDocument // with --std
}

func predictions(m model, c sbo.Columns, d sbo.Data, o predictOptions) []predictionDocument {
	documents := make([]predictionDocument, d.Len())
	for i := range documents {
		documents[i] = predictionDocument{X: named(c.Inputs, d.Point(i)), Y: named(c.Outputs, d.Responses(i))}
		if o.std {
			documents[i].uncertaintyDocument = uncertainty(m, c, d.Point(i), o)
		}
		if o.partials {
			documents[i].Partials = jacobian{c.Outputs, c.Inputs, d.PartialsOf(i)}
		}
		for _, e := range m.extrapolates(d.Point(i)) {
			documents[i].Extrapolates = append(documents[i].Extrapolates, c.Inputs[e.Input])
		}
	}
	return documents
}
