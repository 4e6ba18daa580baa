package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// Gradient is the derivative of a sum over samples by weights and biases, of which
// some rows and columns of samples are at hand: X Y' by the weights and the sums of
// the rows of Q by the biases.
type Gradient struct {
	x, y, q blas64.General
	at      int
}

// NewGradient prepares a Gradient by weights that are, without gaps, from an element
// on in a vector of parameters, followed by as many biases as X has rows.
func NewGradient(at int, x, y, q blas64.General) Gradient {
	if x.Cols != y.Cols || q.Rows != x.Rows || x.Rows == 0 || y.Rows == 0 || x.Cols == 0 || q.Cols == 0 || at < 0 {
		panic("kernel: the shapes of a gradient don't fit")
	}
	check(x)
	check(y)
	check(q)
	return Gradient{x: x, y: y, q: q, at: at}
}

// Add adds it to a vector laid out as the parameters.
func (g *Gradient) Add(to []float64) {
	m, n := g.x.Rows, g.y.Rows
	to = to[g.at : g.at+m*n+m]
	addProduct(to, n, g.x.Data, g.x.Stride, g.y.Data, g.y.Stride, m, n, g.x.Cols)
	addSums(to[m*n:], g.q.Data, g.q.Stride, m, g.q.Cols)
}

// addProduct computes C += X Y' for m rows of X and n of Y, k long: of small matrices
// by sums along the rows. Of larger ones, for which that would mean to add up many
// lanes and to read Y time and again from where it is far, parts of Y are transposed,
// as far as they fill whole vectors.
func addProduct(c []float64, ldc int, x []float64, ldx int, y []float64, ldy, m, n, k int) {
	whole := n / Lanes * Lanes
	if active == levelGo || m < 48 || whole < 2*Lanes {
		whole = 0
	}
	if whole > 0 {
		addTransposed(c, ldc, x, ldx, y, ldy, m, whole, k)
	}
	if whole < n {
		xyt(c[whole:], ldc, x, ldx, y[whole*ldy:], ldy, m, n-whole, k)
	}
}

// addTransposed is addProduct by the kernel of other products.
func addTransposed(c []float64, ldc int, x []float64, ldx int, y []float64, ldy, m, n, k int) {
	const long = 128 // with the columns, as much as a half of the first-level cache
	columns := layerColumns[active]
	pack := packs.Get().(*packed)
	for from := 0; from < k; from += long {
		left := blas64.General{Rows: m, Cols: min(k-from, long), Stride: ldx, Data: x[from:]}
		for j := 0; j < n; j += columns {
			w := min(n-j, columns)
			transposeRows(pack.b[:], columns, y[j*ldy+from:], ldy, w, left.Cols)
			right := blas64.General{Rows: left.Cols, Cols: w, Stride: columns, Data: pack.b[:]}
			Product(blas.NoTrans, left, right, blas64.General{Rows: m, Cols: w, Stride: ldc, Data: c[j:]}, Epilogue{Mode: Add, Alpha: 1})
		}
	}
	packs.Put(pack)
}
