package kriging

import (
	"errors"
	"fmt"
	"slices"
)

// Options says how to fit. The zero value chooses everything from the data.
type Options struct {
	// Kernel of all responses. Empty: for each the more probable one.
	Kernel Kernel `json:"kernel,omitempty" yaml:"kernel"`
	// Restarts is from how many places of the prior the search for the hyperparameters
	// begins, besides those of a warm start. 0: 4, but with a warm start only from there and
	// from the middle of the prior, and not at all while new numbers are as they were foretold.
	Restarts int `json:"restarts,omitempty" yaml:"restarts"`
	// Iterations bounds the steps of a search. 0: 60, or 20 from a warm start.
	Iterations int `json:"iterations,omitempty" yaml:"iterations"`
	// Numbers is how many values and partials of a response are used, at most: time
	// grows with their cube, memory with their square. Of more samples, a well-spread
	// subset is used (Summary.LeftOut). 0: 1500.
	Numbers int `json:"numbers,omitempty" yaml:"numbers"`
	// Workers is the number of responses fitted at a time; it does not affect the
	// result. 0: 1.
	Workers int `json:"-" yaml:"-"`
}

// Validate returns every fault of the options, joined.
func (o Options) Validate() error {
	var faults []error
	if o.Kernel != "" && !slices.Contains(Kernels(), o.Kernel) {
		faults = append(faults, fmt.Errorf("kernel: there is no %q; want one of %v", o.Kernel, Kernels()))
	}
	for _, n := range []struct {
		name  string
		value int
	}{{"restarts", o.Restarts}, {"iterations", o.Iterations}, {"numbers", o.Numbers}, {"workers", o.Workers}} {
		if n.value < 0 {
			faults = append(faults, fmt.Errorf("%s: %d is negative", n.name, n.value))
		}
	}
	return errors.Join(faults...)
}
