//go:build !amd64 || purego

package kernel

func best() level { return levelGo }

func panelTiles(*operation, []float64, int) { panic("kernel: no assembly") }

func layerTiles(s []Step, parameters []float64, columns int) {
	for i := range s {
		s[i].do(parameters, columns)
	}
}

func addSums(y, a []float64, lda, m, n int) { addSumsGo(y, a, lda, m, n) }

func xyt(c []float64, ldc int, x []float64, ldx int, y []float64, ldy, m, n, k int) {
	xytGo(c, ldc, x, ldx, y, ldy, m, n, k)
}

func copyRows(dst []float64, ldd int, src []float64, lds, rows, w int) {
	copyRowsGo(dst, ldd, src, lds, rows, w)
}

func transpose(dst []float64, ldd int, src []float64, lds, rows, k int) {
	transposeGo(dst, ldd, src, lds, rows, k)
}

func gemvRows(y, a []float64, lda int, x []float64, m, n int) { gemvGo(y, a, lda, x, m, n) }

func gemvTRows(y, a []float64, lda int, x []float64, m, n int, alpha float64) {
	gemvTGo(y, a, lda, x, m, n, alpha)
}

func solveRows(x []float64, ldx int, u []float64, ldu int, inverse *[8]float64, n int) {
	solveRowsGo(x, ldx, u, ldu, inverse, n)
}

func scaleRows(dst, src, g []float64, rows, n int) {
	scaleRowsGo(dst, src, g, rows, n)
}

func curveRows(q, x, g, h, t []float64, rows, n int) {
	curveRowsGo(q, x, g, h, t, rows, n)
}

func outer(dst, q, a, s, b []float64, m, n int, scale float64) {
	outerGo(dst, q, a, s, b, m, n, scale)
}

func elements(f function, g, d1, d2, z []float64, rows, ld, n int) {
	elementsGo(f, g, d1, d2, z, rows, ld, n)
}

func residuals(dst, x []float64, ld int, target, weight []float64, ldt, rows, n int, scale float64) float64 {
	return residualsGo(dst, x, ld, target, weight, ldt, rows, n, scale)
}

func sincos(sin, cos, z []float64) { sincosGo(sin, cos, z) }

func combine(list []Combination) {
	for i := range list {
		list[i].do()
	}
}
