package kriging

import (
	"fmt"

	"github.com/sbo-go/sbo"
)

// Condition returns the model with the same hyperparameters, but other samples, all of
// which are used: for answers that have just come, or that are believed to come, when
// there is no time for a fit. It costs about as much as a step of one. The calibration of
// standard deviations is kept, too. The errors are those of [Fit].
func (m *Model) Condition(d sbo.Data, w Weights) (*Model, error) {
	task := Task{Data: d, Weights: w, Start: m}
	if err := task.validate(); err != nil {
		return nil, fmt.Errorf("kriging: %w", err)
	}
	other := &Model{nx: m.nx, ny: m.ny, samples: d.Len(), Facts: task.facts()}
	for k, p := range m.processes {
		if err := p.scaling.warp.fits(d, k); err != nil {
			return nil, fmt.Errorf("kriging: %w", err)
		}
		r := newRows(d, w, k, p.scaling)
		if r.len() == 0 {
			return nil, fmt.Errorf("kriging: response %d: %w", k+1, ErrNoData)
		}
		q, err := newProcess(r, p.c.h, p.variance, p.scaling)
		if err != nil {
			return nil, fmt.Errorf("kriging: response %d: %w", k+1, err)
		}
		q.logEvidence += perDeviation(d, k, p.scaling, r)
		q.calibration = p.calibration
		other.processes = append(other.processes, q)
	}
	f := m.Facts
	other.Facts.Inputs, other.Facts.InUnits, other.Facts.Outputs, other.Facts.OutUnits = f.Inputs, f.InUnits, f.Outputs, f.OutUnits
	return other, nil
}
