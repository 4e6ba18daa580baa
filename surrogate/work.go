package surrogate

// surveySpeed is how many floating-point operations of a survey a core does in a
// second, about: mostly products with whole blocks of samples, at twice the speed of
// what [fitSpeed] is about.
const surveySpeed = 4e10

// surveyWork returns the operations of a survey: those of the time of the fit, or else
// of some seconds, more for more numbers to fit.
func (o Options) surveyWork(t trainingSet) float64 {
	n := float64(t.residuals())
	seconds := min(5e-3*n, 4+1e-3*n, 40)
	if o.FitTime > 0 {
		seconds = o.FitTime.Seconds()
	}
	return seconds * surveySpeed
}

// work is how many floating-point operations the steps of a training on a set of
// samples take, about.
type work struct {
	gradient float64 // of the loss
	product  float64 // J'J v
	row      float64 // the rows of J that belong to a sample
}

// newWork counts the products of matrices, and the rest by a share of them.
func newWork(net Network, set trainingSet) work {
	p := float64(len(net.Parameters))
	rows := set.ny
	if set.hasPartials() {
		rows *= 1 + set.nx
	}
	return work{gradient: p*set.passWork() + 4e5, product: 7./6*p*(set.passWork()-pairsWork) + 4e5, row: 4 * float64(rows) * p}
}

// pairsWork is what L-BFGS does with its pairs, for each parameter, after a gradient.
const pairsWork = 3000

// passWork returns the operations of a gradient for each parameter.
func (t trainingSet) passWork() float64 {
	directions := 1
	if t.hasPartials() {
		directions += min(t.nx, t.ny)
	}
	return 6*float64(t.m*directions) + pairsWork
}
