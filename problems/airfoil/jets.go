package airfoil

// jets are numbers with their partials: v[i] is a value, and row i of d its
// partials by the nd variables that the analysis is differentiated by. With
// nd = 0 there are no partials, and the same code computes values alone.
//
// The order of the variables is that of [Result.Partials]: the angle of attack,
// the Mach number, the shape. So a prefix of them is a smaller set: none, the
// angle alone, all.
type jets struct {
	v, d []float64
	nd   int
}

// newJets returns n zeros with room for up to nd partials each.
func newJets(n, nd int) jets {
	return jets{v: make([]float64, n), d: make([]float64, n*nd), nd: nd}
}

// by sets the number of partials, and leaves them undefined.
func (j *jets) by(nd int) {
	j.nd = nd
	j.d = j.d[:len(j.v)*nd]
}

// of returns the partials of number i.
func (j jets) of(i int) []float64 { return j.d[i*j.nd : (i+1)*j.nd : (i+1)*j.nd] }

// set starts the partials of number i as a times x.
func (j jets) set(i int, a float64, x []float64) {
	row := j.of(i)
	for k, v := range x {
		row[k] = a * v
	}
}

// add adds a times x to the partials of number i.
func (j jets) add(i int, a float64, x []float64) { axpy(j.of(i), a, x) }

// axpy adds a times x to y.
func axpy(y []float64, a float64, x []float64) {
	y = y[:len(x)]
	for k, v := range x {
		y[k] += a * v
	}
}

// scale multiplies y by a.
func scale(y []float64, a float64) {
	for k := range y {
		y[k] *= a
	}
}
