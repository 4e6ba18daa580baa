package surrogate

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo/internal/kernel"
)

// spread counts and squares the residuals by columns. With trust it also finds how
// many parameters each column determines, the trace of J_c H^-1 J_c', from the
// inverse of U.
func (lm *levenberg) spread(inverse blas64.Triangular) spread {
	columns := 1 + lm.model.set.ny*lm.model.set.nx
	s := spread{count: make([]int, columns), square: make([]float64, columns), well: make([]float64, columns)}
	for i, e := range lm.r {
		c := lm.model.column[i]
		s.count[1+c]++
		s.square[1+c] += e * e / lm.model.trusted(c)
	}
	if lm.evidence.Trust == nil {
		return s
	}
	for c, weight := range lm.relative { // a noise of its own must not undo the weights of a column
		s.square[c] /= weight
	}
	j := lm.jacobian
	for from := 0; from < j.Rows; from += lm.rows.Rows {
		v := lm.rows // of J U^-1
		v.Rows = min(v.Rows, j.Rows-from)
		kernel.MulUpper(v, blas64.General{Rows: v.Rows, Cols: j.Cols, Stride: j.Stride, Data: j.Data[from*j.Stride:]}, inverse)
		for i := range v.Rows {
			hat := dot(row(v, i), row(v, i))
			s.well[1+lm.model.column[from+i]] += hat
			if lm.model.column[from+i] < 0 {
				e := lm.r[from+i] / max(1-hat, 1e-12)
				s.deleted += e * e
			}
		}
	}
	return s
}

// newDoubting prepares a training with a noise for each column of partials, that
// begins with the given trust in them.
func newDoubting(t *training, trust float64) *levenberg {
	e := newEvidence(t.network, nil)
	e.Trust = make([]float64, t.network.ny()*t.network.nx())
	fill(e.Trust, trust)
	return newLevenberg(t, e)
}

// believe bounds how far the columns of partials are believed, by the highest
// precisions that their noise may have.
func (e *evidence) believe(most []float64) {
	if most == nil {
		return
	}
	e.most = most
	if e.Trust == nil {
		e.Trust = slices.Repeat([]float64{1}, len(most))
	}
	e.limit()
}

// limit lowers the trust in partials to the most that is allowed.
func (e *evidence) limit() {
	for c, most := range e.most {
		e.Trust[c] = min(e.Trust[c], most/e.Noise)
	}
}

// mostPrecision returns the precision of the noise of each column of partials, if that
// of response k is as noise[k] says: infinite where nothing is said. It is nil if there
// are no partials, or nothing is said of any.
func (t trainingSet) mostPrecision(noise []float64) []float64 {
	if noise == nil || t.gamma == nil {
		return nil
	}
	most := make([]float64, t.ny*t.nx)
	for c := range most {
		count, squares := 0.0, 0.0
		for i := c * t.m; i < (c+1)*t.m; i++ {
			if t.gamma[i] > 0 {
				count++
				squares += t.dydx[i] * t.dydx[i]
			}
		}
		share := noise[c/t.nx]
		most[c] = count / (share * share * squares)
		if math.IsNaN(most[c]) { // no partials, or all of them 0
			most[c] = math.Inf(1)
		}
	}
	return most
}

// meanWeights returns the mean weight of the values, then of each column of partials;
// 1 of those without residuals.
func (t trainingSet) meanWeights(places []place) []float64 {
	mean, count := make([]float64, 1+t.ny*t.nx), make([]float64, 1+t.ny*t.nx)
	for _, p := range places {
		mean[1+p.column(t.nx)] += p.weight
		count[1+p.column(t.nx)]++
	}
	for c, n := range count {
		if n == 0 {
			mean[c], n = 1, 1
		}
		mean[c] /= n
	}
	return mean
}

// relativeWeights returns meanWeights over the mean weight of all residuals.
func (t trainingSet) relativeWeights() []float64 {
	n, all := float64(t.residuals()), 0.0
	relative, count := make([]float64, 1+t.ny*t.nx), make([]float64, 1+t.ny*t.nx)
	add := func(column int, w float64) {
		if w > 0 {
			relative[column] += w
			count[column]++
			all += w / n
		}
	}
	t.blocks(func(_, samples int, b block) {
		for i := range samples {
			for k := range t.ny {
				add(0, b.beta[k*b.ld+i])
				for j := range t.nx {
					if b.gamma != nil {
						add(1+k*t.nx+j, b.gamma[(k*t.nx+j)*b.ld+i])
					}
				}
			}
		}
	})
	for c, n := range count {
		if n == 0 {
			relative[c], n = 1, 1
		}
		relative[c] = relative[c] / n / all
	}
	return relative
}
