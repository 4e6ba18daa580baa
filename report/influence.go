package report

import (
	"cmp"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// influence returns ny*nx numbers: how much each variable moves each response,
// the root mean square over the samples of the surrogate's partial times the
// range of the variable, in standard deviations of the response. It is the
// derivative-based global sensitivity measure of Sobol and Kucherenko (Derivative
// based global sensitivity measures and their link with global sensitivity
// indices, Mathematics and Computers in Simulation 79, 2009), made dimensionless.
// Without a model it is nil.
func influence(r *study.Result) []float64 {
	if r.Model == nil {
		return nil
	}
	p, d := r.Problem, r.Data.Answered()
	box := p.Box()
	squares := make([]float64, p.NY()*p.NX())
	rows := thin(d.Len(), 500)
	var partials []float64
	for _, i := range rows {
		partials = r.Model.PredictPartials(partials, d.Point(i))
		for n, v := range partials {
			v *= box.Upper[n%p.NX()] - box.Lower[n%p.NX()]
			squares[n] += v * v / float64(len(rows))
		}
	}
	for k := range p.NY() {
		std := deviation(d, k)
		for j := range p.NX() {
			squares[k*p.NX()+j] = math.Sqrt(squares[k*p.NX()+j]) / std
		}
	}
	return squares
}

// deviation returns the standard deviation of a response over the samples, 1 if
// it does not vary.
func deviation(d sbo.Data, k int) float64 {
	mean, squares, n := 0.0, 0.0, 0.0
	for i := range d.Len() {
		if v := d.Responses(i)[k]; !math.IsNaN(v) {
			n++
			delta := v - mean
			mean += delta / n
			squares += delta * (v - mean)
		}
	}
	if std := math.Sqrt(squares / n); std > 0 {
		return std
	}
	return 1
}

// thin returns at most so many of n indices, evenly spaced, first and last among
// them.
func thin(n, most int) []int {
	rows := make([]int, min(n, most))
	for i := range rows {
		rows[i] = i
		if n > most {
			rows[i] = i * (n - 1) / (most - 1)
		}
	}
	return rows
}

// variablesByInfluence returns the variables, those first that move the objective
// and the constraints most.
func variablesByInfluence(p sbo.Problem, influence []float64) []int {
	order, weight := make([]int, p.NX()), make([]float64, p.NX())
	for j := range order {
		order[j] = j
		for k, c := range p.Responses {
			if influence == nil || c.Role == sbo.Monitor {
				continue
			}
			w := influence[k*p.NX()+j]
			if c.Role == sbo.Objective {
				w *= float64(max(1, len(p.Constraints()))) // as much as all constraints
			}
			weight[j] += w
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weight[b], weight[a]) })
	return order
}

// responsesByRole returns the responses: the objective, then constraints, those
// that hold the best point first, then monitors.
func responsesByRole(r *study.Result) []int {
	order := make([]int, r.Problem.NY())
	rank := make([]int, r.Problem.NY())
	for k, c := range r.Problem.Responses {
		order[k] = k
		switch {
		case c.Role == sbo.Objective:
			rank[k] = 0
		case c.Role == sbo.Constraint && k < len(r.Certificate.Multipliers) && r.Certificate.Multipliers[k] != 0:
			rank[k] = 1
		case c.Role == sbo.Constraint:
			rank[k] = 2
		default:
			rank[k] = 3
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank[a], rank[b]) })
	return order
}
