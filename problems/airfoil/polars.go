package airfoil

import "github.com/sbo-go/sbo"

// Polars is not for optimizing but for learning: CL, CD and CM of the sections of
// [AF1]'s box at Mach numbers from 0.05 to 0.35 and angles from -2 to 7 degrees,
// in sixteen variables, at a Reynolds number. CD is what is hard to learn: it is
// far from linear (a linear fit explains half of its variance), while one
// explains all but a quarter of a percent of CL.
//
// As a problem it minimizes CD and records the others. Nothing is known about its
// minimum.
func Polars(reynolds float64) Benchmark {
	variables := append(box(),
		sbo.Variable{Name: "mach", Lower: 0.05, Upper: 0.35},
		sbo.Variable{Name: "alpha_deg", Unit: "deg", Lower: -2, Upper: 7})
	p := sbo.Problem{
		Name: "airfoil-polars", Variables: variables,
		Responses: []sbo.Response{sbo.Monitored("CL"), sbo.Minimize("CD"), sbo.Monitored("CM")},
	}
	return newBenchmark(p, func(w *workplace, y, dydx, x []float64) error {
		if err := w.solver.Load(Design(x).Section(Panels)); err != nil {
			return err
		}
		nx := len(x)
		var partials []float64
		if dydx != nil {
			w.partials = append(w.partials[:0], make([]float64, 3*nx)...)
			partials = w.partials
		}
		r, err := w.solver.Analyze(Flow{Mach: x[nx-2], Reynolds: reynolds}, x[nx-1], partials)
		if err != nil {
			return err
		}
		y[0], y[1], y[2] = r.CL, r.CD, r.CM
		for k := 0; k < len(partials); k += nx { // of a row, the angle and the Mach number come first there, and last here
			copy(dydx[k:k+nx-2], partials[k+2:k+nx])
			dydx[k+nx-2], dydx[k+nx-1] = partials[k+1], partials[k]
		}
		return nil
	})
}
