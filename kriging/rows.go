package kriging

import (
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// rows are the known numbers of one response, sample by sample: its value, then
// its partials in the order of the variables. Points are in units of the box, values
// in standard deviations about their mean, and partials with both.
type rows struct {
	n, nx  int
	z      []float64 // n by nx
	first  []int     // n+1: where the numbers of each sample begin
	column []int     // of each number: -1 for a value, else the variable of a partial
	y      []float64 // the numbers
	weight []float64 // how much each counts, above 0
	sample []int     // n: indices in the data
}

func (r *rows) len() int { return len(r.y) }

// counts returns how many partials there are by each variable.
func (r *rows) counts() []float64 {
	c := make([]float64, r.nx)
	for _, j := range r.column {
		if j >= 0 {
			c[j]++
		}
	}
	return c
}

// subset returns the rows of some of the samples, in that order.
func (r *rows) subset(keep []int) *rows {
	s := &rows{n: len(keep), nx: r.nx, first: []int{0}}
	for _, i := range keep {
		from, to := r.first[i], r.first[i+1]
		s.z = append(s.z, r.z[i*r.nx:(i+1)*r.nx]...)
		s.column = append(s.column, r.column[from:to]...)
		s.y = append(s.y, r.y[from:to]...)
		s.weight = append(s.weight, r.weight[from:to]...)
		s.sample = append(s.sample, r.sample[i])
		s.first = append(s.first, len(s.y))
	}
	return s
}

// spread returns as many samples as have no more than the given count of numbers,
// well spread: first the one in the middle, then always the one farthest from those
// chosen, the first of equals. Sorted, so that a subset of all is all.
func (r *rows) spread(most int) []int {
	if r.len() <= most {
		all := make([]int, r.n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	distance := make([]float64, r.n)
	next := 0
	for i := range distance {
		distance[i] = math.Inf(1)
		if r.fromCenter(i) < r.fromCenter(next) {
			next = i
		}
	}
	var chosen []int
	for total := 0; len(chosen) < r.n; {
		total += r.first[next+1] - r.first[next]
		if total > most && len(chosen) > 0 {
			break
		}
		chosen = append(chosen, next)
		at := r.z[next*r.nx : (next+1)*r.nx]
		farthest := -1.0
		for i := range distance {
			distance[i] = min(distance[i], squaredDistance(at, r.z[i*r.nx:(i+1)*r.nx]))
			if distance[i] > farthest {
				farthest, next = distance[i], i
			}
		}
	}
	slices.Sort(chosen)
	return slices.Compact(chosen)
}

func (r *rows) fromCenter(i int) float64 {
	d := 0.0
	for _, v := range r.z[i*r.nx : (i+1)*r.nx] {
		d += (v - 0.5) * (v - 0.5)
	}
	return d
}

func squaredDistance(a, b []float64) float64 {
	d := 0.0
	for j, v := range a {
		d += (v - b[j]) * (v - b[j])
	}
	return d
}

// scaling maps between the units of the problem and those of rows.
type scaling struct {
	warp         warp
	lower, width []float64 // nx, of the transformed box
	mean, std    float64   // of the transformed response
	plain        float64   // as std, of the response itself
}

// newRows returns the known numbers of response k, scaled.
func newRows(d sbo.Data, w Weights, k int, s scaling) *rows {
	r := &rows{nx: d.NX, first: []int{0}}
	for i := range d.Len() {
		if d.Failed(i) {
			continue
		}
		before := len(r.y)
		if v, weight := d.Responses(i)[k], w.value(i*d.NY+k); !math.IsNaN(v) && weight > 0 {
			z, _ := s.warp.output.of(v)
			r.add(-1, (z-s.mean)/s.std, weight)
		}
		_, slope := s.warp.output.of(d.Responses(i)[k])
		for j := range d.NX {
			if d.Partials == nil {
				break
			}
			at := d.Partial(i, k, j)
			if v, weight := d.Partials[at], w.partial(at); !math.IsNaN(v) && weight > 0 {
				r.add(j, slope*v/s.std*s.width[j]/s.warp.rate(j, d.Point(i)[j]), weight)
			}
		}
		if len(r.y) == before {
			continue
		}
		for j, v := range d.Point(i) {
			r.z = append(r.z, (s.warp.input(j, v)-s.lower[j])/s.width[j])
		}
		r.first = append(r.first, len(r.y))
		r.sample = append(r.sample, i)
		r.n++
	}
	return r
}

func (r *rows) add(column int, y, weight float64) {
	r.column, r.y, r.weight = append(r.column, column), append(r.y, y), append(r.weight, weight)
}
