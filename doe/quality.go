package doe

import (
	"fmt"
	"math"
)

// CenteredL2 returns the centered L2 discrepancy of points of the unit cube, rows
// of dim numbers: the root mean square, over boxes that reach from a point to the
// nearest corner of the cube, of the difference between a box's volume and the
// fraction of points in it, summed over all projections to fewer variables. Less
// is more uniform. It does not change if variables are swapped or reversed.
//
//	CD² = (13/12)^s - 2/n Σ_i Π_k (1 + |z_ik|/2 - z_ik²/2)
//	      + 1/n² Σ_i Σ_j Π_k (1 + |z_ik|/2 + |z_jk|/2 - |z_ik - z_jk|/2),  z = x - 1/2
//
// (Hickernell, "A generalized discrepancy and quadrature error bound", Mathematics
// of Computation 67 (1998), 299-322.) Some programs, SciPy among
// them, report CD² under the same name. The cost is O(n² dim). It panics if there
// are no points or they are not rows of dim.
func CenteredL2(points []float64, dim int) float64 {
	checkShape(points, 0, dim)
	n := len(points) / dim
	if n == 0 {
		panic("doe: no points have no discrepancy")
	}
	var single, double float64
	for i := range n {
		a := points[i*dim : (i+1)*dim]
		one, both := 1.0, 1.0
		for _, x := range a {
			z := math.Abs(x - 0.5)
			one *= 1 + z/2 - z*z/2
			both *= 1 + z // the pair of the point with itself
		}
		single += one
		double += both
		for k := range i { // pairs of points count twice
			double += 2 * centeredKernel(a, points[k*dim:(k+1)*dim])
		}
	}
	m := float64(n)
	square := math.Pow(13.0/12, float64(dim)) - 2/m*single + double/(m*m)
	return math.Sqrt(max(square, 0))
}

// centeredKernel is the product in the double sum of [CenteredL2].
func centeredKernel(a, b []float64) float64 {
	product := 1.0
	for j := range a {
		product *= 1 + (math.Abs(a[j]-0.5)+math.Abs(b[j]-0.5)-math.Abs(a[j]-b[j]))/2
	}
	return product
}

// MinDistance returns the Euclidean distance of the closest two points, rows of
// dim numbers: +Inf if there are fewer than two. More is better spread (Johnson,
// Moore and Ylvisaker, "Minimax and maximin distance designs", Journal of
// Statistical Planning and Inference 26 (1990), 131-148). It panics if points are
// not rows of dim.
func MinDistance(points []float64, dim int) float64 {
	checkShape(points, 0, dim)
	closest := math.Inf(1)
	for i := 0; i < len(points); i += dim {
		for k := 0; k < i; k += dim {
			closest = min(closest, distance2(points[i:i+dim], points[k:k+dim]))
		}
	}
	return math.Sqrt(closest)
}

// PhiP returns the criterion phi_p of points, rows of dim numbers,
//
//	phi_p = (Σ_{i<k} d_ik^-p)^(1/p)
//
// with Euclidean distances d: less is better spread, 0 with fewer than two points,
// +Inf if two coincide. It comes close to 1/MinDistance for large p and sees all
// close pairs, not just the closest (Morris and Mitchell, "Exploratory designs for
// computational experiments", Journal of Statistical Planning and Inference 43
// (1995), 381-402; in this form Jin, Chen and Sudjianto (2005), see [ESE]). A
// usual p is 50. It panics if points are not rows of dim, or unless p > 0.
func PhiP(points []float64, dim int, p float64) float64 {
	if !(p > 0) {
		panic(fmt.Sprintf("doe: phi_p needs p > 0, not %g", p))
	}
	closest := MinDistance(points, dim)
	switch {
	case closest == 0:
		return math.Inf(1)
	case math.IsInf(closest, 1):
		return 0
	}
	// Distances are measured in that of the closest pair: powers of small
	// distances leave the range of a float64.
	sum := 0.0
	for i := 0; i < len(points); i += dim {
		for k := 0; k < i; k += dim {
			d2 := distance2(points[i:i+dim], points[k:k+dim])
			sum += math.Pow(closest*closest/d2, p/2)
		}
	}
	return math.Pow(sum, 1/p) / closest
}

// distance2 returns the squared Euclidean distance of two points.
func distance2(a, b []float64) float64 {
	sum := 0.0
	for j := range a {
		d := a[j] - b[j]
		sum += d * d
	}
	return sum
}
