package kernel

import "math"

// strides say where the elements of the left factor lie: element (i, k) of a
// tile is at i*row + k*depth, and the next tile of rows is at `tile`.
type strides struct{ row, depth, tile int }

// panel computes C = alpha A B, or adds it to C, for m by k A and k by n B.
func panel(c []float64, ldc int, a []float64, s strides, b []float64, ldb, m, k, n int, alpha float64, adding bool) {
	mode := Over
	if adding {
		mode = Add
	}
	if active == levelGo {
		panelGo(c, ldc, a, s, b, ldb, m, k, n, &Epilogue{Mode: mode, Alpha: alpha})
		return
	}
	panelTiles(&operation{
		c: &c[0], ldc: ldc, row: s.row, depth: s.depth, tile: s.tile, b: &b[0], ldb: ldb, m: m, k: k, alpha: alpha, mode: int(mode),
	}, a, n)
}

// panelGo computes m rows and n columns of a product A B, where A is m by k. It is
// the plain version of what the assembly does.
func panelGo(c []float64, ldc int, a []float64, s strides, b []float64, ldb, m, k, n int, e *Epilogue) {
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
				e.end(c[(i+r)*ldc:], j, t[r][:min(4, n-j)], i+r)
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

// end does with some elements of the product, which belong to C from column `at` on,
// what is to become of them.
func (e *Epilogue) end(row []float64, at int, product []float64, bias int) {
	for j, v := range product {
		j += at
		c := &row[e.C+j]
		switch e.Mode {
		case Over:
			*c = e.Alpha * v
		case Add:
			*c += e.Alpha * v
		case WithBias:
			*c = v + e.Bias[bias]
		case WithTanh:
			*c = math.Tanh(v + e.Bias[bias])
		case Scaled:
			*c, row[e.To+j] = row[e.D1+j]*v, v
		case Curved:
			*c, row[e.To+j] = row[e.D1+j]*v, row[e.D2+j]*row[e.T+j]*v
		case CurvedOn:
			*c, row[e.To+j] = row[e.D1+j]*v, row[e.To+j]+row[e.D2+j]*row[e.T+j]*v
		case Down:
			*c += row[e.D1+j] * v
		case TanhScaled:
			*c = tanhSlope(row[e.D1+j]) * v
		case TanhCurved:
			*c, row[e.To+j] = tanhSlope(row[e.D1+j])*v, -2*row[e.D1+j]*row[e.T+j]*v
		case TanhCurvedOn:
			*c, row[e.To+j] = tanhSlope(row[e.D1+j])*v, row[e.To+j]-2*row[e.D1+j]*row[e.T+j]*v
		case TanhDown:
			*c += tanhSlope(row[e.D1+j]) * v
		}
	}
}

// tanhSlope returns the derivative of tanh where its value is a.
func tanhSlope(a float64) float64 { return 1 - a*a }

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

// transposeGo writes rows of src, k long, into columns of dst.
func transposeGo(dst []float64, ldd int, src []float64, lds, rows, k int) {
	for r := range rows {
		for d, v := range src[r*lds:][:k] {
			dst[d*ldd+r] = v
		}
	}
}

func copyRowsGo(dst []float64, ldd int, src []float64, lds, rows, w int) {
	for i := range rows {
		copy(dst[i*ldd:i*ldd+w], src[i*lds:])
	}
}
