package surrogate

import (
	"math"
	"slices"
)

// tails makes the loss robust. A residual e_i then has a Student-t distribution
// with `freedom` degrees of freedom: that of a Gaussian whose precision, noise times
// a credit, is itself uncertain. Given e_i, the credit is expected to be
//
//	credit_i = (freedom + 1) / (freedom + noise e_i^2)
//
// and least squares with these credits, found anew in turn, is the EM algorithm for
// the most likely parameters and noise (Lange, Little and Taylor, Robust statistical
// modeling using the t distribution, J. Am. Stat. Assoc. 84, 1989, pp. 881-896; with
// regularization by evidence, Tipping and Lawrence, Variational inference for
// Student-t models, Neurocomputing 69, 2005, pp. 123-141). The pull of a residual far
// beyond the noise falls with its distance.
//
// Every number has a credit of its own, rather than a sample with its gradient: one
// wrong entry then doesn't take those beside it along, and where all are wrong all
// are found. With it, as many as one residual in freedom+1 may be an outlier before
// they set the noise.
type tails struct {
	places []place   // what each residual is about
	credit []float64 // of each residual
	// share is the part of each residual's weight that speaks of its precision. A
	// weight above the mean of its column says that the residual matters, not that it
	// has to be small: taking it for an outlier would undo the weight. One below the
	// mean says that it may be large, and is taken at its word.
	share []float64
}

// freedom is low enough to let go of gross outliers and loses 5 percent of what the
// data hold if the noise is Gaussian: the information of a Student-t residual on its
// location is (freedom+1)/(freedom+3) of a Gaussian one's of the same precision,
// whose variance is freedom/(freedom-2) of that.
const freedom = 4

// newTails gives every residual of the set the same credit.
func newTails(set trainingSet) *tails {
	t := &tails{places: set.places()}
	mean := set.meanWeights(t.places)
	for _, p := range t.places {
		t.credit = append(t.credit, 1)
		t.share = append(t.share, min(1, mean[1+p.column(set.nx)]/p.weight))
	}
	return t
}

// distance returns noise e_i^2, of residual i that counts by its credit.
func (t *tails) distance(i int, r, noise float64) float64 {
	return noise * t.share[i] * r * r / t.credit[i]
}

// update sets the credits by residuals that count by the present ones.
func (t *tails) update(r []float64, noise float64) {
	for i, e := range r {
		t.credit[i] = (freedom + 1) / (freedom + t.distance(i, e, noise))
	}
}

// log returns the logarithm of the likelihood of the residuals, which count by their
// credits, over that of Gaussian ones: what it adds to the evidence.
func (t *tails) log(r []float64, noise float64) float64 {
	upper, _ := math.Lgamma((freedom + 1) / 2.)
	lower, _ := math.Lgamma(freedom / 2.)
	total := float64(len(r)) * (upper - lower - math.Log(freedom/2.)/2)
	for i, e := range r {
		total += noise*e*e/2 - (freedom+1)/2.*math.Log1p(t.distance(i, e, noise)/freedom)/t.share[i]
	}
	return total
}

// robust gives the training a robust loss.
func (lm *levenberg) robust() {
	lm.tails = newTails(lm.model.set)
	lm.model.credit = lm.tails.credit
}

// orPlain compares robust trainings with plain ones from the same starts, unless
// there are gross outliers. Without any, the plain ones are what is wanted: the few
// residuals that a network can't quite follow would pass for heavy tails. In between,
// the evidence decides. It returns the trainings that are left, the best first.
func (r *runs) orPlain(robust []*levenberg, starts []start) []*levenberg {
	robust[0].settle()
	outliers := robust[0].t.best.outliers
	if gross(outliers) {
		return robust
	}
	plain := make([]*levenberg, len(starts))
	for i, s := range starts {
		plain[i] = newLevenberg(newTraining(r, i, r.solved(s)), s.evidence)
		plain[i].tails, plain[i].model.credit = nil, nil
	}
	plain = r.climb(plain)
	if len(outliers) == 0 {
		r.o.Robust = false
		return plain
	}
	all := slices.Concat(robust, plain)
	slices.SortStableFunc(all, func(a, b *levenberg) int { return a.t.best.compare(b.t.best) })
	return all
}

// settle finds the credits, and the outliers, of the state that was kept.
func (lm *levenberg) settle() {
	best := &lm.t.best
	if lm.tails == nil || best.evidence == nil {
		return
	}
	m := lm.model
	m.at(best.network.Parameters, lm.r, nil)
	errors := make([]float64, len(lm.r))
	for i, p := range lm.tails.places {
		errors[i] = lm.r[i] / math.Sqrt(p.weight*m.trusted(m.column[i])*m.credited(i))
	}
	lm.tails.update(lm.r, best.evidence.Noise)
	best.credit, best.outliers = lm.tails.credit, lm.tails.outliers(errors)
}
