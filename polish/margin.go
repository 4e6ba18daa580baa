package polish

import "github.com/sbo-go/sbo"

// margins is how far inside the limits of the constraints descents aim. It is nothing as long as
// what they miss a limit by shrinks from step to step, as it does where answers are exact. Where
// answers are noisy it does not: half of the points at a limit lie beyond it, and none might ever
// be feasible.
type margins struct {
	margin []float64 // of each response
	missed []float64 // by how much the last descent was beyond a limit that it aimed at
	misses []int     // in a row that did not shrink
}

const (
	shrinks = 0.25 // a miss of less than this share of the last one is on the way to none
	unlucky = 2    // misses in a row that don't shrink may be chance; one more is noise
)

func newMargins(ny int) margins {
	return margins{margin: make([]float64, ny), missed: make([]float64, ny), misses: make([]int, ny)}
}

// note takes in what came of a descent.
func (m *margins) note(p sbo.Problem, predicted, truth []float64) {
	for _, k := range p.Constraints() {
		r := p.Responses[k]
		miss := r.Excess(truth[k])
		switch {
		case r.Lower == r.Upper || miss-miss != 0 || gap(r, predicted[k]) > 2*m.margin[k]+sbo.FeasibilityTolerance*r.Scale():
			continue // no place to be within, not known, or not aimed at
		case miss <= sbo.FeasibilityTolerance*r.Scale():
			m.misses[k] = 0
			m.margin[k] /= 2
		case miss > shrinks*m.missed[k] && m.missed[k] > 0:
			m.misses[k]++
		default:
			m.misses[k] = 0
		}
		if m.missed[k] = miss; m.misses[k] >= unlucky {
			m.margin[k] = max(m.margin[k], 2*miss)
		}
	}
}

// tighten moves the limits of a problem, whose responses it may change, inward.
func (m *margins) tighten(p sbo.Problem) {
	for k, v := range m.margin {
		r := &p.Responses[k]
		v = min(v, (r.Upper-r.Lower)/4)
		r.Lower += v
		r.Upper -= v
	}
}
