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
	g := &guess{app: a, model: m, columns: columns, predictOptions: o, count: make([]int, len(columns.Inputs)), farthest: make([]surrogate.Extrapolation, len(columns.Inputs))}
	each := func(f func(sbo.Data) error) error { return a.scanTable(args[1], columns.Inputs, f) }
	if len(args) == 1 {
		x, err := parsePoint("at", o.at, columns.Inputs)
		if err != nil {
			return err
		}
		each = func(f func(sbo.Data) error) error { return f(sbo.Data{NX: len(x), X: x}) }
	}
	switch {
	case a.json:
		err = g.document(each)
	case o.output != "":
		err = create(o.output, func(w io.Writer) error { return g.table(w, each) })
	default:
		err = g.table(a.out, each)
	}
	if err == nil {
		g.warn()
	}
	return err
}

// guess is what a model predicts at the points of a table, some at a time.
type guess struct {
	*app
	model
	predictOptions
	columns sbo.Columns

	points   int
	count    []int                     // of each input: points outside the range that the model knows
	farthest []surrogate.Extrapolation // of these
}

// table writes the predictions at all points as CSV; no more of them than a block is in
// memory.
func (g *guess) table(to io.Writer, each func(func(sbo.Data) error) error) error {
	var w *sbo.CSVWriter
	return each(func(points sbo.Data) error {
		p, columns := g.at(points), g.columns
		if g.std {
			columns, p = withUncertainty(g.model, g.columns, p, g.predictOptions)
		}
		if w == nil {
			w = sbo.NewCSVWriter(to, columns)
		}
		return w.Write(p)
	})
}

// document writes them as JSON.
func (g *guess) document(each func(func(sbo.Data) error) error) error {
	all := []predictionDocument{}
	err := each(func(points sbo.Data) error {
		all = append(all, predictions(g.model, g.columns, g.at(points), g.predictOptions)...)
		return nil
	})
	if err != nil {
		return err
	}
	return g.app.document(all)
}

// at returns the predictions at some points, and notes those that leave the range that
// the model was trained on.
func (g *guess) at(points sbo.Data) sbo.Data {
	p := sbo.NewData(points.NX, len(g.columns.Outputs), points.Len())
	copy(p.X, points.X)
	for i := range p.Len() {
		g.Predict(p.Responses(i), p.Point(i))
		if g.partials {
			g.PredictPartials(p.PartialsOf(i), p.Point(i))
		}
		for _, e := range g.extrapolates(p.Point(i)) {
			g.count[e.Input]++
			if e.Overshoot >= g.farthest[e.Input].Overshoot {
				g.farthest[e.Input] = e
			}
		}
	}
	if g.points == 0 && g.std && math.IsNaN(g.PredictStd(nil, p.Point(0))[0]) {
		g.warnf("the model does not know how uncertain it is: only models of the trainer lm, without a given lambda, do")
	}
	g.points += p.Len()
	return p
}

// warn says for every input how many points leave the range that the model was trained
// on, and how far.
func (g *guess) warn() {
	if !slices.ContainsFunc(g.count, func(n int) bool { return n > 0 }) {
		return
	}
	for j, n := range g.count {
		if e := g.farthest[j]; n > 0 {
			g.warnf("%s outside the range of %s that the model knows, %s to %s, up to %s (%.0f %% of the range beyond it)",
				map[bool]string{true: "1 point is", false: fmt.Sprintf("%d points are", n)}[n == 1], g.columns.Inputs[j], short(e.Lower), short(e.Upper), short(e.Value), 100*e.Overshoot)
		}
	}
	g.warnf("predictions there are guesses")
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
