//go:build !purego

package peak

func run(set string, n int) float64 {
	switch set {
	case "avx512":
		fmaAVX512(n)
		return float64(n) * 16 * 8 * 2
	case "avx2":
		fmaAVX2(n)
		return float64(n) * 12 * 4 * 2
	default:
		return plain(n)
	}
}

//go:noescape
func fmaAVX512(n int)

//go:noescape
func fmaAVX2(n int)
