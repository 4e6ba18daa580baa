package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
	"github.com/spf13/cobra"
)

type predictOptions struct {
	at       []string
	partials bool
	output   string
}

func (a *app) predictCommand() *cobra.Command {
	var o predictOptions
	c := &cobra.Command{
		Use:   "predict MODEL [POINTS.csv] [flags]",
		Short: "Predict the responses of a model at points",
		Long: "Prints what a model predicts at the points of a table, or at one point named by --at, as CSV.\n" +
			"Columns are found by the names of the model's inputs; others are ignored. POINTS.csv may be -\n" +
			"for standard input. Points outside the range that the model was trained on are warned of.",
		Example: "  sbo predict model.json points.csv --partials > predicted.csv\n  sbo predict model.json --at mach=0.7,altitude=11",
		Args:    oneTo(2, "the file of a model"),
		RunE:    func(_ *cobra.Command, args []string) error { return a.predict(args, o) },
	}
	c.Flags().StringSliceVar(&o.at, "at", nil, "the point to predict, as `NAME=VALUE,...`")
	c.Flags().BoolVar(&o.partials, "partials", false, "predict the partials, too")
	c.Flags().StringVarP(&o.output, "output", "o", "", "write the CSV to `FILE`")
	return c
}

// loadModel reads a model that the user named.
func (a *app) loadModel(file string) (*surrogate.JENN, sbo.Columns, error) {
	r, err := a.open(file)
	if err != nil {
		return nil, sbo.Columns{}, err
	}
	m, err := surrogate.Load(r)
	if closed := r.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, sbo.Columns{}, usage("%s is not a model that can be used: %s", file, plain(err.Error())).hint("sbo fit writes one")
	}
	nx, ny := m.Dims()
	c := sbo.Columns{Inputs: m.Facts.Inputs, Outputs: m.Facts.Outputs}
	if len(c.Inputs) != nx {
		c.Inputs = numbered("x", nx)
	}
	if len(c.Outputs) != ny {
		c.Outputs = numbered("y", ny)
	}
	return m, c, nil
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
	write := func(w io.Writer) error { return sbo.WriteCSV(w, columns, p) }
	if a.json {
		write = func(io.Writer) error { return a.document(predictions(m, columns, p, o.partials)) }
	}
	if o.output != "" && !a.json {
		return create(o.output, write)
	}
	return write(a.out)
}

// warnOfExtrapolation says for every input how many points leave the range that
// the model was trained on, and how far.
func (a *app) warnOfExtrapolation(m *surrogate.JENN, c sbo.Columns, d sbo.Data) {
	count, farthest := make([]int, d.NX), make([]surrogate.Extrapolation, d.NX)
	for i := range d.Len() {
		for _, e := range m.Extrapolates(d.Point(i)) {
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
}

func predictions(m *surrogate.JENN, c sbo.Columns, d sbo.Data, partials bool) []predictionDocument {
	documents := make([]predictionDocument, d.Len())
	for i := range documents {
		documents[i] = predictionDocument{X: named(c.Inputs, d.Point(i)), Y: named(c.Outputs, d.Responses(i))}
		if partials {
			documents[i].Partials = jacobian{c.Outputs, c.Inputs, d.PartialsOf(i)}
		}
		for _, e := range m.Extrapolates(d.Point(i)) {
			documents[i].Extrapolates = append(documents[i].Extrapolates, c.Inputs[e.Input])
		}
	}
	return documents
}
