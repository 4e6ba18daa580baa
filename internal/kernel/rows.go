package kernel

// ScaleRows writes g times each row of src, which are as long as g and follow each
// other, into the rows of dst. dst may be src.
func ScaleRows(dst, src, g []float64) {
	if len(g) == 0 || len(dst)%len(g) != 0 || len(src) != len(dst) {
		panic("kernel: ScaleRows needs whole rows, as many here as there")
	}
	if len(dst) > 0 {
		scaleRows(dst, src, g, len(dst)/len(g), len(g))
	}
}

// CurveRows writes g q + h t x into each row of q, where g, h and t are as long as
// the rows of q and of x.
func CurveRows(q, x, g, h, t []float64) {
	if len(g) == 0 || len(q)%len(g) != 0 || len(x) != len(q) || len(h) != len(g) || len(t) != len(g) {
		panic("kernel: CurveRows needs whole rows, as many here as there")
	}
	if len(q) > 0 {
		curveRows(q, x, g, h, t, len(q)/len(g), len(g))
	}
}

// Outer writes scale (q a' + s b') into dst, a row for each element of q and s.
func Outer(dst, q, a, s, b []float64, scale float64) {
	if len(dst) != len(q)*len(a) || len(s) != len(q) || len(b) != len(a) {
		panic("kernel: the shapes of an outer product don't fit")
	}
	if len(dst) > 0 {
		outer(dst, q, a, s, b, len(q), len(a), scale)
	}
}

func scaleRowsGo(dst, src, g []float64, rows, n int) {
	for r := range rows {
		to, from := dst[r*n:][:n], src[r*n:][:n]
		for j, v := range g[:n] {
			to[j] = v * from[j]
		}
	}
}

func curveRowsGo(q, x, g, h, t []float64, rows, n int) {
	for r := range rows {
		to, from := q[r*n:][:n], x[r*n:][:n]
		for j := range to {
			to[j] = g[j]*to[j] + h[j]*t[j]*from[j]
		}
	}
}

func outerGo(dst, q, a, s, b []float64, m, n int, scale float64) {
	for i := range m {
		to, left, right := dst[i*n:][:n], scale*q[i], scale*s[i]
		for h := range to {
			to[h] = left*a[h] + right*b[h]
		}
	}
}

// Residuals writes scale weight (x - target) into dst, for rows of n elements, those
// of dst and x ld apart and those of target and weight ldt, and returns
// sum scale weight (x - target)^2.
func Residuals(dst, x []float64, ld int, target, weight []float64, ldt, rows, n int, scale float64) float64 {
	if rows == 0 || n == 0 {
		return 0
	}
	last, lastTarget := (rows-1)*ld+n-1, (rows-1)*ldt+n-1
	_, _, _, _ = dst[last], x[last], target[lastTarget], weight[lastTarget]
	return residuals(dst, x, ld, target, weight, ldt, rows, n, scale)
}

func residualsGo(dst, x []float64, ld int, target, weight []float64, ldt, rows, n int, scale float64) float64 {
	sum := 0.0
	for r := range rows {
		for c := range n {
			e := x[r*ld+c] - target[r*ldt+c]
			we := scale * weight[r*ldt+c] * e
			dst[r*ld+c] = we
			sum += we * e
		}
	}
	return sum
}
