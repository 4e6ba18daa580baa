package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/sbo-go/sbo"
)

// exported is what another program has to know to run a comparison.
type exported struct {
	Case       string           `json:"case"`
	Inputs     []string         `json:"inputs"`
	Outputs    []string         `json:"outputs"`
	Width      []float64        `json:"width"` // of the range of each input
	Hidden     []int            `json:"hidden"`
	Alpha      float64          `json:"alpha"`
	Lambda     float64          `json:"lambda"`
	Iterations int              `json:"iterations"`
	Batch      int              `json:"batch"` // 0: all samples
	Designs    []exportedDesign `json:"designs"`
}

// exportedDesign names the files of a design.
type exportedDesign struct {
	Train string `json:"train"`
	Test  string `json:"test"`
}

// Export writes the samples of the comparisons of the suite train to a folder, so
// that other programs can learn the same: cases.json lists the cases with the
// files of their designs and the settings of the reference. The error is that of
// ctx or of the file system.
func Export(ctx context.Context, dir string, o Options) error {
	t := &training{quick: o.Quick, seeds: designs(o.Quick)}
	cases := []exported{}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, c := range t.comparisons(o.Tables) {
		if len(o.Only) > 0 && !slices.Contains(o.Only, c.name()) {
			continue
		}
		r := c.reference
		e := exported{
			Case: c.name(), Inputs: c.subject.about.Inputs, Outputs: c.subject.about.Outputs, Width: c.subject.width,
			Hidden: r.hidden, Alpha: r.rate, Lambda: r.lambda, Iterations: r.iterations, Batch: r.batch,
		}
		var err error
		if e.Designs, err = c.export(ctx, dir, t.seeds); err != nil {
			return err
		}
		cases = append(cases, e)
	}
	text, err := json.MarshalIndent(cases, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "cases.json"), append(text, '\n'), 0o600)
}

// export writes the samples of all designs; those to be judged by only once where
// all designs share them.
func (c comparison) export(ctx context.Context, dir string, seeds int) ([]exportedDesign, error) {
	var written []exportedDesign
	var last sbo.Data
	for seed := range seeds {
		train, test, err := c.subject.draw(ctx, c.samples, uint64(seed))
		if err != nil {
			return nil, err
		}
		d := exportedDesign{fmt.Sprintf("%s-%d-train.csv", c.name(), seed), fmt.Sprintf("%s-%d-test.csv", c.name(), seed)}
		if err := c.write(filepath.Join(dir, d.Train), train); err != nil {
			return nil, err
		}
		if seed > 0 && slices.Equal(test.X, last.X) {
			d.Test = written[seed-1].Test
		} else if err := c.write(filepath.Join(dir, d.Test), test); err != nil {
			return nil, err
		}
		last = test
		written = append(written, d)
	}
	return written, nil
}

func (c comparison) write(file string, d sbo.Data) error {
	f, err := os.Create(filepath.Clean(file))
	if err != nil {
		return err
	}
	return errors.Join(sbo.WriteCSV(f, c.subject.about, d), f.Close())
}
