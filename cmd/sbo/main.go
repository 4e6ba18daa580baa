// Command sbo finds the best design of a simulation that takes too long to be
// asked often: it learns the simulation from a few runs, optimizes what it has
// learned, and checks every candidate against the simulation.
//
//	sbo init my-study     # write a study that runs as it is
//	sbo run my-study      # interrupt it whenever you like; run it again to go on
//	sbo best my-study     # the best feasible point, and why it is believed
//
// The commands are files of this package, one each, and share a skeleton: a
// function that returns the cobra command, an options struct if it has flags, and
// a run method that does the work. What all of them share is in app.go; what the
// exit code says is decided in exit.go alone.
//
// Results go to standard output; progress, warnings and errors to standard error.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
