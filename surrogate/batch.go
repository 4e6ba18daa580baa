package surrogate

import "fmt"

// PredictBatch writes what [JENN.Predict] and [JENN.PredictPartials] say of many
// points, the rows of x, into y and dydx, in the order of sbo.Data: n by ny and
// n by ny by nx. Either may be nil: it is not wanted. It takes a fraction of the
// time of single points from a handful of them on, and the same memory for any
// number. The numbers differ from those of single points in the last bits, and
// slightly more where a mean is much larger than a standard deviation.
func (m *JENN) PredictBatch(y, dydx, x []float64) {
	n := len(x) / m.nx
	if len(x) != n*m.nx || y != nil && len(y) != n*m.ny || dydx != nil && len(dydx) != n*m.ny*m.nx {
		panic(fmt.Sprintf("surrogate: a model of %d inputs and %d responses asked with %d numbers, for %d responses and %d partials",
			m.nx, m.ny, len(x), len(y), len(dydx)))
	}
	clear(y)
	clear(dydx)
	for _, a := range m.answers {
		a.terms(func(f *fitted) { f.addBatch(y, dydx, x, a.first, m.ny) })
	}
}

// batchColumns is how many points go through the network at a time.
const batchColumns = 64

// addBatch adds the weighted predictions of the network at the rows of x to y and
// dydx, unless nil. Its responses are those from `first` on of ny.
func (f *fitted) addBatch(y, dydx, x []float64, first, ny int) {
	p := f.blocks.Get().(*pass)
	defer f.blocks.Put(p)
	nx := f.network.nx()
	for len(x) > 0 {
		p.columns = min(batchColumns, len(x)/nx)
		f.block(p, x)
		x = x[p.columns*nx:]
		p.values(dydx != nil)
		if y != nil {
			f.addOutputs(p, y[first:], ny)
			y = y[p.columns*ny:]
		}
		if dydx != nil {
			p.jacobian()
			f.addPartials(p, dydx[first*nx:], ny*nx)
			dydx = dydx[p.columns*ny*nx:]
		}
	}
}

// block fills the inputs of a pass from the rows of x.
func (f *fitted) block(p *pass, x []float64) {
	nx := f.network.nx()
	for j := range nx {
		mean, scale := f.scaling.MeanX[j], 1/f.scaling.StdX[j]
		to := p.input(j)
		for i := range to {
			to[i] = (x[i*nx+j] - mean) * scale
		}
	}
}

// addOutputs adds the outputs of a pass to rows of y, which are ny apart.
func (f *fitted) addOutputs(p *pass, y []float64, ny int) {
	for k := range f.network.ny() {
		offset, scale := f.weight*f.scaling.MeanY[k], f.weight*f.scaling.StdY[k]
		for i, v := range p.output(k) {
			y[i*ny+k] += offset + scale*v
		}
	}
}

// addPartials adds the partials of a pass to rows of dydx, which are a number of
// elements apart.
func (f *fitted) addPartials(p *pass, dydx []float64, apart int) {
	nx := f.network.nx()
	for k := range f.network.ny() {
		for j := range nx {
			scale := f.weight * f.scaling.StdY[k] / f.scaling.StdX[j]
			at := k*nx + j
			for i, v := range p.partial(k, j) {
				dydx[i*apart+at] += scale * v
			}
		}
	}
}
