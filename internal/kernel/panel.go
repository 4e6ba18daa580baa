package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// strides say where the elements of the left factor lie: element (i, k) of a
// tile is at i*row + k*depth, and the next tile of rows is at `tile`.
type strides struct{ row, depth, tile int }

// Epilogue is what becomes of a product A B where it meets C. To, D1, D2 and T are
// distances from an element of C to others that belong to it, behind it in the same
// row.
type Epilogue struct {
	Mode          Mode
	Alpha         float64   // of Over and Add
	Bias          []float64 // of WithBias: a number for each row
	To, D1, D2, T int
}

// Mode is the kind of an [Epilogue].
type Mode int

// The modes. All but the first two are steps of reverse-over-reverse
// differentiation, where D1 and D2 are the derivatives of the activations.
const (
	Over     Mode = iota // C = alpha A B
	Add                  // C += alpha A B
	WithBias             // C = A B + bias
	Scaled               // C = D1 * A B,  To = A B
	Curved               // C = D1 * A B,  To = D2 * T * A B
	CurvedOn             // C = D1 * A B,  To += D2 * T * A B
	Down                 // C = D1 * A B + C
)

// plain is the Epilogue of alpha A B.
func plain(alpha float64, adding bool) Epilogue {
	if adding {
		return Epilogue{Mode: Add, Alpha: alpha}
	}
	return Epilogue{Mode: Over, Alpha: alpha}
}

// Product computes op(A) B, where op transposes or doesn't, and does with it what
// the Epilogue says. C, its surroundings as far as the Epilogue reaches, A and B
// may not overlap.
func Product(ta blas.Transpose, a, b, c blas64.General, e Epilogue) {
	m, k := a.Rows, a.Cols
	s := strides{row: a.Stride, depth: 1, tile: tiles[active].rows * a.Stride}
	if ta != blas.NoTrans {
		m, k = k, m
		s = strides{row: 1, depth: a.Stride, tile: tiles[active].rows}
	}
	if m != c.Rows || k != b.Rows || b.Cols != c.Cols || e.Mode == WithBias && len(e.Bias) != m {
		panic("kernel: the shapes of a product don't fit")
	}
	check(a)
	check(b)
	check(c)
	if m == 0 || k == 0 || c.Cols == 0 {
		panic("kernel: a product of nothing")
	}
	for _, distance := range [...]int{e.To, e.D1, e.D2, e.T} { // of the last element
		_ = c.Data[(m-1)*c.Stride+c.Cols-1+distance]
	}
	panel(c.Data, c.Stride, a.Data, s, b.Data, b.Stride, m, k, c.Cols, e)
}

// panelGo computes m rows and n columns of a product A B, where A is m by k. It is
// the plain version of what the assembly does.
func panelGo(c []float64, ldc int, a []float64, s strides, b []float64, ldb, m, k, n int, e Epilogue) {
	rows := tiles[levelGo].rows
	for i := 0; i < m; i += rows {
		at := i / rows * s.tile
		for j := 0; j < n; j += 4 {
			var t [4][4]float64
			if m-i >= 4 && n-j >= 4 {
				tileGo(&t, a, at, s, b[j:], ldb, k)
			} else {
				edgeGo(&t, a[at:], s, b[j:], ldb, min(4, m-i), k, min(4, n-j))
			}
			for r := range min(4, m-i) {
				e.end(c, (i+r)*ldc+j, t[r][:min(4, n-j)], i+r)
			}
		}
	}
}

// tileGo is a whole tile, as two halves of 8 sums: as many as amd64 has registers
// for.
func tileGo(t *[4][4]float64, a []float64, at int, s strides, b []float64, ldb, k int) {
	for half := range 2 {
		var s00, s01, s02, s03, s10, s11, s12, s13 float64
		first := at + 2*half*s.row
		second := first + s.row
		for d := range k {
			row := b[d*ldb : d*ldb+4 : d*ldb+4]
			a0, a1 := a[first+d*s.depth], a[second+d*s.depth]
			s00 += a0 * row[0]
			s01 += a0 * row[1]
			s02 += a0 * row[2]
			s03 += a0 * row[3]
			s10 += a1 * row[0]
			s11 += a1 * row[1]
			s12 += a1 * row[2]
			s13 += a1 * row[3]
		}
		t[2*half] = [4]float64{s00, s01, s02, s03}
		t[2*half+1] = [4]float64{s10, s11, s12, s13}
	}
}

// edgeGo is what is left of a tile, m by n.
func edgeGo(t *[4][4]float64, a []float64, s strides, b []float64, ldb, m, k, n int) {
	for i := range m {
		for j := range n {
			sum := 0.0
			for d := range k {
				sum += a[i*s.row+d*s.depth] * b[d*ldb+j]
			}
			t[i][j] = sum
		}
	}
}

// end does with some elements of the product, which belong to C from `at` on, what
// is to become of them.
func (e *Epilogue) end(c []float64, at int, product []float64, row int) {
	for j, v := range product {
		i := at + j
		switch e.Mode {
		case Over:
			c[i] = e.Alpha * v
		case Add:
			c[i] += e.Alpha * v
		case WithBias:
			c[i] = v + e.Bias[row]
		case Scaled:
			c[i], c[i+e.To] = c[i+e.D1]*v, v
		case Curved:
			c[i], c[i+e.To] = c[i+e.D1]*v, c[i+e.D2]*c[i+e.T]*v
		case CurvedOn:
			c[i], c[i+e.To] = c[i+e.D1]*v, c[i+e.To]+c[i+e.D2]*c[i+e.T]*v
		case Down:
			c[i] += c[i+e.D1] * v
		}
	}
}

// xytGo computes C += X Y' for m rows of X and n of Y, k long.
func xytGo(c []float64, ldc int, x []float64, ldx int, y []float64, ldy, m, n, k int) {
	for i := range m {
		from := x[i*ldx:][:k]
		j := 0
		for ; j+4 <= n; j += 4 {
			y0, y1, y2, y3 := y[j*ldy:][:k], y[(j+1)*ldy:][:k], y[(j+2)*ldy:][:k], y[(j+3)*ldy:][:k]
			var s0, s1, s2, s3 float64
			for d, v := range from {
				s0 += v * y0[d]
				s1 += v * y1[d]
				s2 += v * y2[d]
				s3 += v * y3[d]
			}
			to := c[i*ldc+j:][:4]
			to[0], to[1], to[2], to[3] = to[0]+s0, to[1]+s1, to[2]+s2, to[3]+s3
		}
		for ; j < n; j++ {
			sum := 0.0
			for d, v := range y[j*ldy:][:k] {
				sum += from[d] * v
			}
			c[i*ldc+j] += sum
		}
	}
}

func copyRowsGo(dst []float64, ldd int, src []float64, lds, rows, w int) {
	for i := range rows {
		copy(dst[i*ldd:i*ldd+w], src[i*lds:])
	}
}
