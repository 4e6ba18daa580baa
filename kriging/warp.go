package kriging

import (
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// warp is how a response and its inputs are transformed before a Gaussian process
// learns them: stresses, deflections and weights are often products of powers of the
// inputs, which logarithms make linear.
type warp struct {
	logs   []bool // nx: the inputs of which the logarithm is learned; nil: none
	output output
}

// output is a growing function of a response: the response itself, or log|y - shift|,
// with its sign turned where all samples lie below the shift. From most on the logarithm
// goes on as a straight line: what is foretold far beyond the samples should not be of
// another order of magnitude than anything that was seen.
type output struct {
	side  float64 // +1: all samples are above the shift, -1: below, 0: no transformation
	shift float64
	most  float64 // log|y - shift|
}

func (w warp) none() bool { return w.logs == nil && w.output.side == 0 }

// price is by how much the log posterior of a transformation has to exceed that of none.
func (w warp) price(r *rows) float64 {
	switch {
	case w.none():
		return 0
	case r.len() == r.n:
		return decisiveOfValues
	default:
		return decisive
	}
}

func (w warp) equal(v warp) bool { return w.output == v.output && slices.Equal(w.logs, v.logs) }

// input returns the transformed input j at x.
func (w warp) input(j int, x float64) float64 {
	if w.logs != nil && w.logs[j] {
		return math.Log(x)
	}
	return x
}

// undo is the inverse of input.
func (w warp) undo(j int, u float64) float64 {
	if w.logs != nil && w.logs[j] {
		return math.Exp(u)
	}
	return u
}

// rate returns the derivative of input j's transformation at x.
func (w warp) rate(j int, x float64) float64 {
	if w.logs != nil && w.logs[j] {
		return 1 / x
	}
	return 1
}

// point returns a transformed point.
func (w warp) point(x []float64) []float64 {
	u := slices.Clone(x)
	for j, v := range x {
		u[j] = w.input(j, v)
	}
	return u
}

// of returns the transformed response and the derivative of the transformation.
func (o output) of(y float64) (z, slope float64) {
	if o.side == 0 {
		return y, 1
	}
	beyond := o.side * (y - o.shift)
	if edge := math.Exp(o.most); beyond > edge {
		return o.side * (o.most + beyond/edge - 1), 1 / edge
	}
	return o.side * math.Log(beyond), 1 / beyond
}

// back returns the response of a transformed one, and its first and second derivatives
// by that.
func (o output) back(z float64) (y, slope, curve float64) {
	if o.side == 0 {
		return z, 1, 0
	}
	log := o.side * z
	if log > o.most {
		edge := math.Exp(o.most)
		return o.shift + o.side*edge*(1+log-o.most), edge, 0
	}
	slope = math.Exp(log)
	return o.shift + o.side*slope, slope, o.side * slope
}

// What is worth a transformation.
const (
	// wideInput is the ratio of the bounds of a positive input from which its logarithm is
	// tried: within a smaller one they differ little.
	wideInput = 3
	// wideOutput is the same of the samples of a response.
	wideOutput = 5
	// decisive is by how much the logarithm of the evidence for a transformation has to
	// exceed that of none: of a formula of powers it is tens to hundreds, while a few
	// samples of anything else that happen to differ by orders of magnitude yield less.
	decisive = 20
	// decisiveOfValues is the same where no partials are known: a value a sample says so much
	// less that a formula of powers would stay unknown for long.
	decisiveOfValues = 3
)

// shifts are what a logarithm of a response is taken from: nothing, and one, as limits
// are often written value/limit - 1 or 1 - value/limit.
var shifts = []float64{0, -1, 1}

// warps returns the transformations worth trying for response k: the identity, then those
// of inputs and response, as the search ends when one of them foretells exactly.
func (t Task) warps(k int) []warp {
	all := []warp{{}}
	logs, outputs := t.wideInputs(), wideOutputs(t.Data.Answered(), k)
	if logs != nil {
		for _, o := range outputs {
			all = append(all, warp{logs: logs, output: o})
		}
		all = append(all, warp{logs: logs})
	}
	for _, o := range outputs {
		all = append(all, warp{output: o})
	}
	return all
}

// wideInputs returns which inputs range over more than wideInput; nil: none.
func (t Task) wideInputs() []bool {
	d := t.Data.Answered()
	lower, upper := extent(d)
	if box := t.Problem.Box(); box.Dim() > 0 {
		for j := range lower { // samples may lie outside the bounds
			lower[j], upper[j] = min(lower[j], box.Lower[j]), max(upper[j], box.Upper[j])
		}
	}
	var logs []bool
	for j := range lower {
		if lower[j] > 0 && upper[j] >= wideInput*lower[j] && !math.IsInf(upper[j], 1) {
			if logs == nil {
				logs = make([]bool, len(lower))
			}
			logs[j] = true
		}
	}
	return logs
}

// wideOutputs returns the transformations worth trying of response k itself. Where it
// is missing beside known partials there is none: they can't be transformed.
func wideOutputs(d sbo.Data, k int) (all []output) {
	lowest, highest := math.Inf(1), math.Inf(-1)
	for i := range d.Len() {
		y := d.Responses(i)[k]
		if !math.IsNaN(y) {
			lowest, highest = min(lowest, y), max(highest, y)
		} else if slopeOnly(d, i, k) {
			return nil
		}
	}
	for _, shift := range shifts {
		side := 1.0
		least, most := lowest-shift, highest-shift
		if most < 0 {
			side, least, most = -1, -most, -least
		}
		if least > 0 && most > wideOutput*least && (shift == 0 || least < 10) { // far from it, a shift of 1 is none
			all = append(all, output{side: side, shift: shift, most: 2*math.Log(most) - math.Log(least)})
		}
	}
	return all
}

// slopeOnly reports whether of a response that is missing partials are known.
func slopeOnly(d sbo.Data, i, k int) bool {
	if !math.IsNaN(d.Responses(i)[k]) || d.Partials == nil {
		return false
	}
	for j := range d.NX {
		if !math.IsNaN(d.Partials[d.Partial(i, k, j)]) {
			return true
		}
	}
	return false
}

// fits returns an error unless the data can be transformed.
func (w warp) fits(d sbo.Data, k int) error {
	for i := range d.Len() {
		if d.Failed(i) {
			continue
		}
		for j, x := range d.Point(i) {
			if w.logs != nil && w.logs[j] && !(x > 0) {
				return fmt.Errorf("sample %d has input %d = %v, and the model has learned its logarithm", i+1, j+1, x)
			}
		}
		if y := d.Responses(i)[k]; w.output.side != 0 && (w.output.side*(y-w.output.shift) <= 0 || slopeOnly(d, i, k)) {
			return fmt.Errorf("sample %d has response %d = %v, and the model has learned the logarithm of its distance from %v", i+1, k+1, y, w.output.shift)
		}
	}
	return nil
}
