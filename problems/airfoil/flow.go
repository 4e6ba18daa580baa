package airfoil

import (
	"errors"
	"fmt"
	"math"
)

// Flow is the stream that a section is in.
type Flow struct {
	Mach     float64 // 0 to 0.6; the results are good to 0.35
	Reynolds float64 // by the chord
	// Ncrit is the logarithm of the amplification at which waves make a layer
	// turbulent; 0 stands for 9, a clean wind tunnel.
	Ncrit float64
	// Trip makes the layers on both sides turbulent, as roughness does. The zero
	// value is none.
	Trip Trip
}

// Trip is where roughness makes a layer turbulent: gradually, from one share of
// the arc length of a side to another, as 0.02 to 0.05.
type Trip struct{ From, To float64 }

func (f Flow) ncrit() float64 {
	if f.Ncrit == 0 {
		return 9
	}
	return f.Ncrit
}

// Check returns every fault of the flow, joined.
func (f Flow) Check() error {
	var faults []error
	expect := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf("airfoil: "+format, args...))
		}
	}
	expect(f.Mach >= 0 && f.Mach <= 0.6, "a Mach number of %g; use 0 to 0.6, and trust results to 0.35", f.Mach)
	expect(f.Reynolds >= 1e4 && f.Reynolds <= 1e9, "a Reynolds number of %g; use 1e4 to 1e9", f.Reynolds)
	expect(f.ncrit() >= 2 && f.ncrit() <= 20, "Ncrit is %g; use 2 to 20, or 0 for 9", f.Ncrit)
	expect(f.Trip == Trip{} || f.Trip.From >= 0 && f.Trip.From < f.Trip.To && f.Trip.To <= 1,
		"a trip from %g to %g of the arc length; use 0 <= from < to <= 1", f.Trip.From, f.Trip.To)
	return errors.Join(faults...)
}

// Result is what the analysis of a section comes to.
type Result struct {
	Alpha      float64 // angle of attack, degrees
	CL, CD, CM float64 // lift, drag, moment about the quarter chord, nose up positive
	// Transition is where the layers of the upper and the lower side are half
	// turbulent, as x/c; 1 if they stay laminar.
	Transition [2]float64
	// PeakMach is the largest Mach number at the edge of the layers. From 1 on,
	// there are shocks that the analysis knows nothing of.
	PeakMach float64
}

const degree = math.Pi / 180
