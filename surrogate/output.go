package surrogate

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/sbo-go/sbo/internal/kernel"
)

// outputSolver finds the output layer of a network whose hidden layers are given. Values
// and partials are linear in it,
//
//	y = w'a + b,  dy/dx_j = w' da/dx_j,
//
// so that it is a problem of linear least squares, solved at once (variable projection;
// Golub and Pereyra, SIAM Journal on Numerical Analysis 10, 1973) for the work of a step of
// Levenberg-Marquardt. The weights and the bias of an output have a normal prior of one
// precision, which is that of the highest evidence. It is a workspace for one goroutine.
type outputSolver struct {
	set      trainingSet
	z        *linearization
	features blas64.General   // of an output, a row per residual: its derivatives by the weights, then by the bias
	target   []float64        // of each row
	gram     blas64.Symmetric // the products of the columns of the features with each other, or of their rows if these are fewer
	factor   blas64.Symmetric
	right    []float64 // the products of the columns with the target, or the target
	x        []float64
	rest     []float64 // what the solution leaves of the target
	values   int       // of the rows; they come first
}

// solved is what is known of a network after its output layer was found.
type solved struct {
	logEvidence float64 // of the output layer, with the hidden ones as they are
	cost        Cost
	noise       float64 // precision of the residuals
	precision   float64 // of the prior of the output layer
}

// The precision of the prior over that of the noise is sought among powers of ten, these
// apart from each other, of the mean square of the columns of features.
const (
	firstRidge = -6
	leastRidge = -12
	mostRidge  = 0
	ridgeStep  = 2
)

// leastLeft is the share of the squares of values and partials that counts as left by the
// output layer at least: what is below is rounding.
const leastLeft = 1e-14

// solve sets the output layer of a network. It reports whether there is one.
func (s *outputSolver) solve(n Network) (solved, bool) {
	if s.z == nil || !slices.Equal(s.z.net.Sizes, n.Sizes) {
		s.z = newForward(n, s.set.m, s.set.gamma != nil)
	}
	s.z.net = n
	s.z.set(n.Parameters)
	var all solved
	left, numbers, squares, size := 0.0, 0, 0.0, 0
	w, b := n.layer(n.Parameters, n.layers())
	for k := range n.ny() {
		s.linearize(k)
		rest, logEvidence := s.search()
		if math.IsInf(logEvidence, -1) {
			return solved{}, false
		}
		copy(row(w, k), s.x)
		b[k] = s.x[w.Cols]
		all.logEvidence += logEvidence
		s.misfit(&all.cost)
		left += rest
		numbers += s.features.Rows
		squares += dot(s.x, s.x)
		size += len(s.x)
	}
	all.noise = precision(numbers, 0, left, 1, numbers)
	all.precision = min(max(float64(size)/max(squares, 1e-300), leastPrecision), mostPrecision)
	return all, true
}

// linearize computes the features and the target of output k.
func (s *outputSolver) linearize(k int) {
	t, last := s.set, s.z.net.layers()
	beta, gamma := t.beta[k*t.m:(k+1)*t.m], []float64(nil)
	if t.gamma != nil {
		gamma = t.gamma[k*t.nx*t.m : (k+1)*t.nx*t.m]
	}
	s.values = positive(beta)
	width, n := s.z.net.Sizes[last-1], s.values+positive(gamma)
	s.features = reshaped(s.features, n, width+1)
	s.target = slices.Grow(s.target[:0], n)[:n]
	set := func(r int, feature []float64, bias, target, weight float64) {
		root, to := math.Sqrt(weight), row(s.features, r)
		for h, v := range feature {
			to[h] = root * v
		}
		to[width], s.target[r] = root*bias, root*target
	}
	below := &s.z.layer[last-1]
	value, partial := 0, s.values
	for from := 0; from < t.m; from += s.z.samples {
		samples := min(s.z.samples, t.m-from)
		for c := range samples {
			for j := range t.nx {
				s.z.input(c)[j] = t.x[j*t.m+from+c]
			}
		}
		s.z.through(last-1, samples, t.gamma != nil)
		for c := range samples {
			i := from + c
			if beta[i] > 0 {
				set(value, row(below.a, c), 1, t.y[k*t.m+i], beta[i])
				value++
			}
			for j := range len(gamma) / t.m {
				if w := gamma[j*t.m+i]; w > 0 {
					set(partial, row(below.da, c*t.nx+j), 0, t.dydx[(k*t.nx+j)*t.m+i], w)
					partial++
				}
			}
		}
	}
}

// positive counts the weights that are.
func positive(weights []float64) int {
	n := 0
	for _, w := range weights {
		if w > 0 {
			n++
		}
	}
	return n
}

// search leaves in x the weights and the bias of the highest evidence, and returns what
// they leave of the squares, penalty included, and the log evidence.
func (s *outputSolver) search() (left, logEvidence float64) {
	n, p := s.features.Rows, s.features.Cols
	q := min(n, p)
	s.gram, s.factor = resized(s.gram, q), resized(s.factor, q)
	s.right = slices.Grow(s.right[:0], q)[:q]
	s.x = slices.Grow(s.x[:0], p)[:p]
	square := blas64.General{Rows: q, Cols: q, Stride: q, Data: s.gram.Data}
	if p <= n {
		kernel.Syrk(1, s.features, 0, s.gram)
		kernel.Gemv(blas.Trans, 1, s.features, s.target, 0, s.right)
	} else {
		kernel.Gemm(blas.NoTrans, blas.Trans, 1, s.features, s.features, 0, square)
		copy(s.right, s.target)
	}
	trace := 0.0
	for i := range q {
		trace += square.Data[i*q+i]
	}
	ridge := func(power int) float64 { return math.Pow(10, float64(power)) * trace / float64(p) }
	best, logEvidence := firstRidge, s.try(ridge(firstRidge))
	at := best
	for step := -ridgeStep; step <= ridgeStep; step += 2 * ridgeStep { // down, and if that is worse, up
		for next := best + step; next >= leastRidge && next <= mostRidge; next += step {
			v := s.try(ridge(next))
			at = next
			if !(v > logEvidence) {
				break
			}
			best, logEvidence = next, v
		}
		if best != firstRidge {
			break
		}
	}
	if at != best {
		s.try(ridge(best))
	}
	left = s.left(ridge(best))
	if p > n { // what was solved for are the multipliers of the rows
		multipliers := slices.Clone(s.x[:q])
		kernel.Gemv(blas.Trans, 1, s.features, multipliers, 0, s.x)
	}
	return left, logEvidence
}

// misfit adds what the solution leaves to a loss.
func (s *outputSolver) misfit(c *Cost) {
	s.rest = slices.Grow(s.rest[:0], len(s.target))[:len(s.target)]
	kernel.Gemv(blas.NoTrans, 1, s.features, s.x, 0, s.rest)
	axpy(s.rest, -1, s.target)
	half := 1 / float64(2*s.set.m)
	c.Values += half * dot(s.rest[:s.values], s.rest[:s.values])
	c.Partials += half * dot(s.rest[s.values:], s.rest[s.values:])
}

// try solves with a ridge on the diagonal, into the beginning of x, and returns the log
// evidence.
func (s *outputSolver) try(ridge float64) float64 {
	copy(s.factor.Data, s.gram.Data)
	q := s.factor.N
	for i := range q {
		s.factor.Data[i*q+i] += ridge
	}
	u, ok := kernel.Cholesky(s.factor)
	if !ok {
		return math.Inf(-1)
	}
	x := s.x[:q]
	copy(x, s.right)
	kernel.Solve(u, x)
	logDet := 0.0
	for i := range q {
		logDet += 2 * math.Log(u.Data[i*q+i])
	}
	n := float64(s.features.Rows)
	// By columns, of which there are q: q/2 log ridge - 1/2 log det. By rows: log det of
	// the columns' matrix is that of the rows' and p - n times log ridge more.
	return n/2*(math.Log(n/(2*math.Pi*s.left(ridge)))-1) + (float64(q)*math.Log(ridge)-logDet)/2
}

// left returns what the solution in x leaves of the squares of the target, penalty
// included.
func (s *outputSolver) left(ridge float64) float64 {
	all := dot(s.target, s.target)
	rest := all - dot(s.x[:len(s.right)], s.right)
	if s.features.Cols > s.features.Rows {
		rest = ridge * dot(s.x[:len(s.right)], s.target)
	}
	return max(rest, leastLeft*all, 1e-300)
}

// reshaped returns a matrix in the room of another; what is in it is undefined.
func reshaped(m blas64.General, rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: slices.Grow(m.Data[:0], rows*cols)[:rows*cols]}
}

// resized returns a symmetric matrix in the room of another; what is in it is undefined.
func resized(m blas64.Symmetric, n int) blas64.Symmetric {
	return blas64.Symmetric{N: n, Stride: n, Uplo: blas.Upper, Data: slices.Grow(m.Data[:0], n*n)[:n*n]}
}
