// Package xfoil asks XFOIL, Mark Drela's program for airfoil sections, what it says of
// one: so that the analysis of package airfoil, and what was optimized with it, can be
// compared with another code.
//
//	program, err := xfoil.Find(ctx, "")
//	defer program.Close()
//	r, err := program.Trim(ctx, section, airfoil.Flow{Mach: 0.15, Reynolds: 3e6}, 0.5)
//
// XFOIL is driven as a program of its own, since its license is the GPL; it has to be
// installed (the package xfoil of Debian, for one). Each analysis is a process in a
// folder of its own, so that any number may run side by side.
//
// The nodes of the section are those that XFOIL computes with. Answers are read from
// the binary dump of a polar, which has all digits; the table has five decimals of the
// drag. A point is recorded after two more rounds of Newton's method than XFOIL asks
// for, by which it is converged to the last digits.
//
// Drag is nevertheless no smooth function of shape and angle: where transition
// crosses a panel it has a kink, of a few hundredths of a percent. XFOIL's own error
// by the panels is a percent or so, up to 3 percent near stall.
//
// # A build that stops at floating-point exceptions
//
// XFOIL divides by zero in every boundary layer, without harm. Debian's package was
// built with -ffpe-trap, so that it ends there (SIGFPE). [Find] notices, and goes on
// with a copy of the program in which the call that sets the traps is replaced by one
// that does nothing.
package xfoil
