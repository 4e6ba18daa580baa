package kernel

import (
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// Sizes of the blocks that a large product is cut into, so that what is used
// again stays in a cache: a panel of B, depth by the 24 columns of a tile, in the
// first level, and a block of A, blockRows by depth, in the second.
const (
	depth     = 192
	blockRows = 384
	// worthPacking is from how many elements on a matrix is copied into panels
	// before it is used: what is smaller stays in the first level anyway.
	worthPacking = 3000
)

// packed is the room for a block of A and a panel of B.
type packed struct {
	a [blockRows * depth]float64
	b [depth * 24]float64
}

var packs = sync.Pool{New: func() any { return new(packed) }}

// Gemm computes C = alpha op(A) op(B) + beta C, where op transposes or doesn't, as
// gonum's blas64.Gemm does. C may overlap neither A nor B.
func Gemm(ta, tb blas.Transpose, alpha float64, a, b blas64.General, beta float64, c blas64.General) {
	m, k := a.Rows, a.Cols
	if ta != blas.NoTrans {
		m, k = k, m
	}
	kb, n := b.Rows, b.Cols
	if tb != blas.NoTrans {
		kb, n = n, kb
	}
	if k != kb || m != c.Rows || n != c.Cols {
		panic("kernel: the shapes of a product don't fit")
	}
	check(a)
	check(b)
	check(c)
	p := product{c: c, a: a, b: b, ta: ta != blas.NoTrans, tb: tb != blas.NoTrans, m: m, n: n, k: k, alpha: alpha}
	p.add = scale(c, beta)
	if p.tb && !p.ta && alpha == 1 && m > 0 && n > 0 && k > 0 {
		if !p.add {
			p.clear()
		}
		addProduct(c.Data, c.Stride, a.Data, a.Stride, b.Data, b.Stride, m, n, k)
		return
	}
	p.run()
}

// Syrk computes the upper triangle of C = alpha A'A + beta C. What lies below the
// diagonal is left undefined.
func Syrk(alpha float64, a blas64.General, beta float64, c blas64.Symmetric) {
	if c.N != a.Cols || c.Uplo != blas.Upper {
		panic("kernel: Syrk needs the upper triangle of a square as wide as A")
	}
	g := blas64.General{Rows: c.N, Cols: c.N, Stride: c.Stride, Data: c.Data}
	check(a)
	check(g)
	p := product{c: g, a: a, b: a, ta: true, m: a.Cols, n: a.Cols, k: a.Rows, alpha: alpha, upper: true}
	p.add = scale(g, beta)
	p.run()
}

// MulUpper computes C = A U for an upper triangle U with zeros below its diagonal.
// C may not overlap A.
func MulUpper(c, a blas64.General, u blas64.Triangular) {
	if u.Uplo != blas.Upper || a.Cols != u.N || c.Cols != u.N || a.Rows != c.Rows {
		panic("kernel: MulUpper needs an upper triangle as wide as A and C")
	}
	b := blas64.General{Rows: u.N, Cols: u.N, Stride: u.Stride, Data: u.Data}
	check(a)
	check(b)
	check(c)
	p := product{c: c, a: a, b: b, m: c.Rows, n: c.Cols, k: u.N, alpha: 1, stairs: true}
	p.run()
}

// check panics if a matrix is not as large as it says.
func check(m blas64.General) {
	if m.Rows < 0 || m.Cols < 0 || m.Stride < m.Cols || m.Rows > 0 && m.Cols > 0 && len(m.Data) < (m.Rows-1)*m.Stride+m.Cols {
		panic("kernel: a matrix is larger than its data")
	}
}

// scale multiplies C by beta, unless it is to be overwritten: then it returns
// that nothing is to be added to.
func scale(c blas64.General, beta float64) (add bool) {
	if beta == 0 || beta == 1 {
		return beta == 1
	}
	for i := range c.Rows {
		row := c.Data[i*c.Stride : i*c.Stride+c.Cols]
		for j := range row {
			row[j] *= beta
		}
	}
	return true
}

// product is one C = alpha op(A) op(B), cut into blocks.
type product struct {
	c, a, b blas64.General
	ta, tb  bool
	m, n, k int
	alpha   float64
	add     bool
	upper   bool // only C's upper triangle is needed
	stairs  bool // B is an upper triangle: column j ends at row j
}

func (p *product) run() {
	if p.m == 0 || p.n == 0 || p.k == 0 {
		if !p.add {
			p.clear()
		}
		return
	}
	t := tiles[active]
	packA := p.ta && p.m*p.k > worthPacking && p.n > 2*t.cols
	packB := p.tb || p.n*p.k > worthPacking && p.m > 3*t.rows
	if !packA && !packB {
		p.direct(t)
		return
	}
	pack := packs.Get().(*packed)
	for k0 := 0; k0 < p.k; k0 += depth {
		k := min(p.k-k0, depth)
		for i0 := 0; i0 < p.m; i0 += blockRows {
			p.block(t, pack, packA, packB, i0, k0, min(p.m-i0, blockRows), k)
		}
		p.add = true
	}
	packs.Put(pack)
}

func (p *product) clear() {
	for i := range p.m {
		clear(p.c.Data[i*p.c.Stride:][:p.n])
	}
}

// direct multiplies small matrices where they lie.
func (p *product) direct(t tile) {
	s := p.left(t)
	step := p.n
	if p.upper || p.stairs {
		step = t.cols
	}
	for j := 0; j < p.n; j += step {
		w := min(step, p.n-j)
		panel(p.c.Data[j:], p.c.Stride, p.a.Data, s, p.b.Data[j:], p.b.Stride, p.rows(j+w), p.deep(j+w, 0, p.k), w, p.alpha, p.add)
	}
}

// deep returns how many of the k rows of B from k0 on the panel that ends at column j has.
func (p *product) deep(j, k0, k int) int {
	if p.stairs {
		return max(0, min(k, j-k0))
	}
	return k
}

// left returns the strides of A where it lies.
func (p *product) left(t tile) strides {
	if p.ta {
		return strides{row: 1, depth: p.a.Stride, tile: t.rows}
	}
	return strides{row: p.a.Stride, depth: 1, tile: t.rows * p.a.Stride}
}

// rows returns how many rows are needed of the panel that ends at column j.
func (p *product) rows(j int) int {
	if p.upper {
		return min(p.m, j)
	}
	return p.m
}

// transposeRows is transpose for any number of rows. Rows and columns of dst are
// written to the next multiple of what is transposed at a time.
func transposeRows(dst []float64, ldd int, src []float64, lds, rows, k int) {
	for r := 0; r < rows; r += lanes[active] {
		transpose(dst[r:], ldd, src[r*lds:], lds, min(rows-r, lanes[active]), k)
	}
}

// block adds the product of rows i0.. of A, m by k, with the k rows of B from k0 on.
func (p *product) block(t tile, pack *packed, packA, packB bool, i0, k0, m, k int) {
	s := p.left(t)
	from := i0*p.a.Stride + k0
	if p.ta {
		from = k0*p.a.Stride + i0
	}
	a := p.a.Data[from:]
	if packA {
		s = strides{row: 1, depth: t.rows, tile: t.rows * k}
		for i := 0; i < m; i += t.rows {
			copyRows(pack.a[i*k:], t.rows, a[i:], p.a.Stride, k, min(t.rows, m-i))
		}
		a = pack.a[:]
	}
	for j := 0; j < p.n; j += t.cols {
		w := min(t.cols, p.n-j)
		rows, k := min(m, p.rows(j+w)-i0), p.deep(j+w, k0, k)
		if rows <= 0 || k == 0 {
			continue
		}
		b, ldb := pack.b[:], t.cols
		switch {
		case p.tb:
			transposeRows(b, ldb, p.b.Data[j*p.b.Stride+k0:], p.b.Stride, w, k)
		case packB:
			copyRows(b, ldb, p.b.Data[k0*p.b.Stride+j:], p.b.Stride, k, w)
		default:
			b, ldb = p.b.Data[k0*p.b.Stride+j:], p.b.Stride
		}
		panel(p.c.Data[i0*p.c.Stride+j:], p.c.Stride, a, s, b, ldb, rows, k, w, p.alpha, p.add)
	}
}
