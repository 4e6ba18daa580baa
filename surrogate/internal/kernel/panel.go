package kernel

// strides say where the elements of the left factor lie: element (i, k) of a
// tile is at i*row + k*depth, and the next tile of rows is at `tile`.
type strides struct{ row, depth, tile int }

// panelGo computes a panel of a product, C = alpha A B or, with add, C += alpha A B,
// of m rows and w columns, w at most that of a tile, where A is m by k. It is the
// plain version of what the assembly does.
func panelGo(c []float64, ldc int, a []float64, s strides, b []float64, ldb, m, k, w int, alpha float64, add bool) {
	rows := tiles[levelGo].rows
	for i := 0; i < m; i += rows {
		at := i / rows * s.tile
		if m-i >= rows && w == 4 {
			tileGo(c[i*ldc:], ldc, a, at, s, b, ldb, k, alpha, add)
			continue
		}
		for r := i; r < min(i+rows, m); r++ {
			for j := range w {
				sum := 0.0
				for d := range k {
					sum += a[at+(r-i)*s.row+d*s.depth] * b[d*ldb+j]
				}
				if sum *= alpha; add {
					sum += c[r*ldc+j]
				}
				c[r*ldc+j] = sum
			}
		}
	}
}

// tileGo is a whole tile of panelGo, as two halves of 8 sums: as many as amd64 has
// registers for.
func tileGo(c []float64, ldc int, a []float64, at int, s strides, b []float64, ldb, k int, alpha float64, add bool) {
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
		store4(c[2*half*ldc:], alpha, s00, s01, s02, s03, add)
		store4(c[(2*half+1)*ldc:], alpha, s10, s11, s12, s13, add)
	}
}

func store4(c []float64, alpha, s0, s1, s2, s3 float64, add bool) {
	c = c[:4]
	s0, s1, s2, s3 = alpha*s0, alpha*s1, alpha*s2, alpha*s3
	if add {
		s0, s1, s2, s3 = s0+c[0], s1+c[1], s2+c[2], s3+c[3]
	}
	c[0], c[1], c[2], c[3] = s0, s1, s2, s3
}

func copyRowsGo(dst []float64, ldd int, src []float64, lds, rows, w int) {
	for i := range rows {
		copy(dst[i*ldd:i*ldd+w], src[i*lds:])
	}
}
