//go:build !purego

package kernel

import (
	"math"
	"slices"
	"unsafe"

	"golang.org/x/sys/cpu"
)

// best returns the highest level of this processor.
func best() level {
	switch {
	case cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512BW:
		return levelAVX512
	case cpu.X86.HasAVX2 && cpu.X86.HasFMA:
		return levelAVX2
	}
	return levelGo
}

func panelTiles(o *operation, a []float64, columns int) {
	if active == levelAVX512 {
		panelAVX512(o, 0, 1, &a[0], columns)
	} else {
		panelAVX2(o, 0, 1, &a[0], columns)
	}
}

func layerTiles(s []Step, parameters []float64, columns int) {
	const apart = int(unsafe.Sizeof(Step{}))
	switch active {
	case levelAVX512:
		layerAVX512(&s[0].op, apart, len(s), &parameters[0], columns)
	case levelAVX2:
		layerAVX2(&s[0].op, apart, len(s), &parameters[0], columns)
	default:
		for i := range s {
			s[i].do(parameters, columns)
		}
	}
}

func xyt(c []float64, ldc int, x []float64, ldx int, y []float64, ldy, m, n, k int) {
	switch active {
	case levelAVX512:
		xytAVX512(&c[0], ldc, &x[0], ldx, &y[0], ldy, m, n, k)
	case levelAVX2:
		xytAVX2(&c[0], ldc, &x[0], ldx, &y[0], ldy, m, n, k)
	default:
		xytGo(c, ldc, x, ldx, y, ldy, m, n, k)
	}
}

func copyRows(dst []float64, ldd int, src []float64, lds, rows, w int) {
	if rows == 0 || w == 0 {
		return
	}
	switch active {
	case levelAVX512:
		copyRowsAVX512(&dst[0], ldd, &src[0], lds, rows, w)
	case levelAVX2:
		copyRowsAVX2(&dst[0], ldd, &src[0], lds, rows, w)
	default:
		copyRowsGo(dst, ldd, src, lds, rows, w)
	}
}

func transpose(dst []float64, ldd int, src []float64, lds, rows, k int) {
	switch active {
	case levelAVX512:
		transposeAVX512(&dst[0], ldd, &src[0], lds, rows, k)
	case levelAVX2:
		transposeAVX2(&dst[0], ldd, &src[0], lds, rows, k)
	default:
		transposeGo(dst, ldd, src, lds, rows, k)
	}
}

func gemvRows(y, a []float64, lda int, x []float64, m, n int) {
	switch active {
	case levelAVX512:
		gemvAVX512(&y[0], &a[0], lda, &x[0], m, n)
	case levelAVX2:
		gemvAVX2(&y[0], &a[0], lda, &x[0], m, n)
	default:
		gemvGo(y, a, lda, x, m, n)
	}
}

func gemvTRows(y, a []float64, lda int, x []float64, m, n int, alpha float64) {
	switch active {
	case levelAVX512:
		gemvTAVX512(&y[0], &a[0], lda, &x[0], m, n, alpha)
	case levelAVX2:
		gemvTAVX2(&y[0], &a[0], lda, &x[0], m, n, alpha)
	default:
		gemvTGo(y, a, lda, x, m, n, alpha)
	}
}

func solveRows(x []float64, ldx int, u []float64, ldu int, inverse *[8]float64, n int) {
	switch active {
	case levelAVX512:
		solveRowsAVX512(&x[0], ldx, &u[0], ldu, &inverse[0], n)
	case levelAVX2:
		solveRowsAVX2(&x[0], ldx, &u[0], ldu, &inverse[0], n)
	default:
		solveRowsGo(x, ldx, u, ldu, inverse, n)
	}
}

func scaleRows(dst, src, g []float64, rows, n int) {
	switch active {
	case levelAVX512:
		scaleRowsAVX512(&dst[0], &src[0], &g[0], rows, n)
	case levelAVX2:
		scaleRowsAVX2(&dst[0], &src[0], &g[0], rows, n)
	default:
		scaleRowsGo(dst, src, g, rows, n)
	}
}

func curveRows(q, x, g, h, t []float64, rows, n int) {
	switch active {
	case levelAVX512:
		curveRowsAVX512(&q[0], &x[0], &g[0], &h[0], &t[0], rows, n)
	case levelAVX2:
		curveRowsAVX2(&q[0], &x[0], &g[0], &h[0], &t[0], rows, n)
	default:
		curveRowsGo(q, x, g, h, t, rows, n)
	}
}

func outer(dst, q, a, s, b []float64, m, n int, scale float64) {
	switch active {
	case levelAVX512:
		outerAVX512(&dst[0], &q[0], &a[0], &s[0], &b[0], m, n, scale)
	case levelAVX2:
		outerAVX2(&dst[0], &q[0], &a[0], &s[0], &b[0], m, n, scale)
	default:
		outerGo(dst, q, a, s, b, m, n, scale)
	}
}

func elements(f function, g, d1, d2, z []float64, rows, ld, n int) {
	switch {
	case active == levelGo:
		elementsGo(f, g, d1, d2, z, rows, ld, n)
	case active == levelAVX512 && d1 != nil:
		derivativesAVX512(f, &g[0], &d1[0], &d2[0], &z[0], rows, ld, n)
	case active == levelAVX512:
		valuesAVX512(f, &g[0], &z[0], rows, ld, n)
	case d1 != nil:
		derivativesAVX2(f, &g[0], &d1[0], &d2[0], &z[0], rows, ld, n)
	default:
		valuesAVX2(f, &g[0], &z[0], rows, ld, n)
	}
}

func derivativesAVX512(f function, g, d1, d2, z *float64, rows, ld, n int) {
	switch f {
	case functionTanh:
		tanhDerivativesAVX512(g, d1, d2, z, rows, ld, n)
	case functionSigmoid:
		sigmoidDerivativesAVX512(g, d1, d2, z, rows, ld, n)
	case functionSwish:
		swishDerivativesAVX512(g, d1, d2, z, rows, ld, n)
	case functionSoftplus:
		softplusDerivativesAVX512(g, d1, d2, z, rows, ld, n)
	default:
		panic("kernel: no derivatives of this function")
	}
}

func valuesAVX512(f function, g, z *float64, rows, ld, n int) {
	switch f {
	case functionTanh:
		tanhAVX512(g, z, rows, ld, n)
	case functionSigmoid:
		sigmoidAVX512(g, z, rows, ld, n)
	case functionSwish:
		swishAVX512(g, z, rows, ld, n)
	case functionSoftplus:
		softplusAVX512(g, z, rows, ld, n)
	case functionExp:
		expAVX512(g, z, rows, ld, n)
	}
}

func derivativesAVX2(f function, g, d1, d2, z *float64, rows, ld, n int) {
	switch f {
	case functionTanh:
		tanhDerivativesAVX2(g, d1, d2, z, rows, ld, n)
	case functionSigmoid:
		sigmoidDerivativesAVX2(g, d1, d2, z, rows, ld, n)
	case functionSwish:
		swishDerivativesAVX2(g, d1, d2, z, rows, ld, n)
	case functionSoftplus:
		softplusDerivativesAVX2(g, d1, d2, z, rows, ld, n)
	default:
		panic("kernel: no derivatives of this function")
	}
}

func valuesAVX2(f function, g, z *float64, rows, ld, n int) {
	switch f {
	case functionTanh:
		tanhAVX2(g, z, rows, ld, n)
	case functionSigmoid:
		sigmoidAVX2(g, z, rows, ld, n)
	case functionSwish:
		swishAVX2(g, z, rows, ld, n)
	case functionSoftplus:
		softplusAVX2(g, z, rows, ld, n)
	case functionExp:
		expAVX2(g, z, rows, ld, n)
	}
}

func sincos(sin, cos, z []float64) {
	var largest [8]float64 // per lane
	switch active {
	case levelAVX512:
		sincosAVX512(&sin[0], &cos[0], &z[0], len(z), &largest[0])
	case levelAVX2:
		sincosAVX2(&sin[0], &cos[0], &z[0], len(z), &largest[0])
	default:
		sincosGo(sin, cos, z)
		return
	}
	if slices.Max(largest[:]) <= farthest {
		return
	}
	for i, v := range z {
		if math.Abs(v) > farthest {
			sin[i], cos[i] = math.Sincos(v)
		}
	}
}

func addSums(y, a []float64, lda, m, n int) {
	switch active {
	case levelAVX512:
		addSumsAVX512(&y[0], &a[0], lda, m, n)
	case levelAVX2:
		addSumsAVX2(&y[0], &a[0], lda, m, n)
	default:
		addSumsGo(y, a, lda, m, n)
	}
}

func residuals(dst, x []float64, ld int, target, weight []float64, ldt, rows, n int, scale float64) float64 {
	var sum float64
	switch active {
	case levelAVX512:
		residualsAVX512(&dst[0], &x[0], ld, &target[0], &weight[0], ldt, rows, n, scale, &sum)
	case levelAVX2:
		residualsAVX2(&dst[0], &x[0], ld, &target[0], &weight[0], ldt, rows, n, scale, &sum)
	default:
		return residualsGo(dst, x, ld, target, weight, ldt, rows, n, scale)
	}
	return sum
}

func combine(list []Combination) {
	const apart = int(unsafe.Sizeof(Combination{}))
	switch active {
	case levelAVX512:
		combineAVX512(&list[0].op, apart, len(list))
	case levelAVX2:
		combineAVX2(&list[0].op, apart, len(list))
	default:
		for i := range list {
			list[i].do()
		}
	}
}
