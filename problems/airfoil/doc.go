// Package airfoil analyzes airfoil sections at low speed, exactly differentiated:
// lift, drag and moment with their partials by shape, angle and Mach number. It
// is what sbo tries itself on where answers should look like those of aerospace
// engineering, in milliseconds and without noise.
//
//	section := airfoil.CST{Thickness: t, Camber: k, TrailingEdge: 0.0025}.Section(airfoil.Panels)
//	var solver airfoil.Solver
//	err := solver.Load(section)
//	r, err := solver.Analyze(airfoil.Flow{Mach: 0.15, Reynolds: 3e6}, 2, partials)
//	r, err = solver.Trim(airfoil.Flow{Mach: 0.15, Reynolds: 3e6}, 0.5, partials)
//
// # Sections
//
// A [Section] is an outline of panels with its partials by shape variables.
// [CST] makes one of coefficients of thickness and camber, [NACA4] one of four
// digits, [Read] one of a file of coordinates.
//
// # What is computed
//
// The flow outside of the boundary layer is that of the linear-vorticity panel
// method of XFOIL with the correction of von Karman and Tsien. The layer on
// either side is integrated from the stagnation point: Thwaites's method, the e^n
// envelope of Drela and Giles, Head's entrainment. Between laminar and turbulent
// there is an intermittency that depends on n smoothly; so nothing jumps from
// panel to panel, and the answers are smooth to eight digits where those of
// XFOIL are to three. The layer acts on the flow by its displacement thickness,
// in two passes; drag follows from Squire and Young's formula.
//
// Partials are found forward, step by step, and through the linear equations by
// solving with the factors that are there.
//
// # What it is good for
//
// To learn and to compare methods of optimization with; it is no tool for the
// design of what flies. Against XFOIL 6.99 on 100 random sections at a Reynolds
// number of 3e6 and Mach numbers to 0.35, drag is off by a median of 3 percent
// (root mean square 6, at most 26), lift by 0.03 and moment by 0.006 (root mean
// squares); sbo bench airfoil --case accuracy asks again, by way of package xfoil
// below this one. In particular:
//
//   - Only subcritical flow: a Mach number to 0.35, and [Result.PeakMach] below 1.
//   - Only attached flow, or mildly separated: there is no stall.
//   - There are no laminar separation bubbles: at Reynolds numbers below 2e6 and
//     angles from 5 degrees on, drag is 10 to 15 percent low; at 5e5 it is so in the
//     mean of all angles.
//   - There is no wake. The moment is good to a few thousandths.
//   - At the rear of sections optimized for laminar flow, lift may be off by 0.1.
package airfoil
