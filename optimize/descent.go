package optimize

import (
	"math"
	"slices"
)

const (
	// sufficient is the share of the decrease promised by the slope that a step
	// must achieve (Armijo; Nocedal, Wright, eq. 3.4).
	sufficient = 1e-4
	// loyalty is the share of the projected gradient that the free variables must
	// hold for the search to stay on a face: mu of Hager and Zhang.
	loyalty = 0.1
	// patience is how many searches in a row may fail to lower the value beyond rounding.
	patience = 2
)

// descent minimizes a smooth function over the unit box by the active set
// algorithm of Hager and Zhang, "A new active set algorithm for box constrained
// optimization", SIAM J. Optim. 17 (2006), 526-557: projected gradient steps
// find the face of the box that holds the optimum, a quasi-Newton method finds
// the optimum in the face.
type descent struct {
	method Method
	f      func(g, u []float64) float64 // value and gradient; +Inf where there is none
	small  func() float64               // the projected gradient that is small enough
	stop   func() bool

	u, g   []float64 // the point and the gradient there
	value  float64
	stride float64 // the length of the last step, at most 1: a guess of the next
}

// minimize moves d.u, which must have a finite value, to a local minimum: until
// the projected gradient is small, no lower point is found, or stop says so.
func (d *descent) minimize() {
	d.g = make([]float64, len(d.u))
	d.value = d.f(d.g, d.u)
	d.stride = max(d.stride, 1e-3)
	stalls := 0
	for stalls < patience && !d.stop() && d.projected() > d.small() {
		before := d.value
		if d.freeShare() >= loyalty*d.projected() && stalls == 0 {
			d.face(func() bool {
				p := d.projected()
				return p <= d.small() || d.freeShare() < loyalty*p
			})
		} else {
			d.project()
		}
		if before-d.value > 1e-13*(1+math.Abs(before)) {
			stalls = 0
		} else {
			stalls++
		}
	}
}

// project takes one step along the projected negative gradient: the first of a
// geometric series of lengths that decreases enough.
func (d *descent) project() {
	steepest := 0.0
	for j := range d.g {
		steepest = max(steepest, math.Abs(d.step(j)))
	}
	trial, slopes := make([]float64, len(d.u)), make([]float64, len(d.u))
	for length := d.stride / steepest; ; length /= 4 {
		for j, v := range d.u {
			trial[j] = min(max(v-length*d.g[j], 0), 1)
		}
		if slices.Equal(trial, d.u) || d.stop() {
			return
		}
		value := d.f(slopes, trial)
		if value <= d.value+sufficient*slope(d.g, d.u, trial) {
			d.accept(trial, slopes, value)
			d.stride = min(2*d.stride, 1)
			return
		}
	}
}

func (d *descent) accept(u, g []float64, value float64) {
	if s := stretch(d.u, u); s > 0 {
		d.stride = min(s, 1)
	}
	copy(d.u, u)
	copy(d.g, g)
	d.value = value
}

// step returns the component of the negative gradient that the bounds allow.
func (d *descent) step(j int) float64 {
	if (d.u[j] <= 0 && d.g[j] > 0) || (d.u[j] >= 1 && d.g[j] < 0) {
		return 0
	}
	return -d.g[j]
}

// projected returns the size of the projected gradient: how far, at most, a unit
// step along the negative gradient moves a variable inside the box.
func (d *descent) projected() float64 {
	size := 0.0
	for j, v := range d.u {
		size = max(size, math.Abs(min(max(v-d.g[j], 0), 1)-v))
	}
	return size
}

// freeShare is the part of the projected gradient in the face.
func (d *descent) freeShare() float64 {
	size := 0.0
	for _, j := range d.interior() {
		size = max(size, math.Abs(min(max(d.u[j]-d.g[j], 0), 1)-d.u[j]))
	}
	return size
}

// interior returns the variables that are at no bound.
func (d *descent) interior() []int {
	var free []int
	for j, v := range d.u {
		if v > 0 && v < 1 {
			free = append(free, j)
		}
	}
	return free
}
