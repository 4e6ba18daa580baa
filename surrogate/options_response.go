package surrogate

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/sbo-go/sbo"
)

// ResponseOptions is what a response has of its own.
type ResponseOptions struct {
	// Hidden, if not empty, holds instead of Options.Hidden.
	Hidden []int `json:"hidden,omitempty" yaml:"hidden"`
	// Lambda, if not nil, holds instead of Options.Lambda.
	Lambda *float64 `json:"lambda,omitempty" yaml:"lambda"`
	// Beta multiplies the weights of the response's values. Nil: 1.
	Beta *float64 `json:"beta,omitempty" yaml:"beta"`
	// Gamma multiplies the weights of the response's partials, by each variable.
	// Nil: 1, else one for each variable.
	Gamma []float64 `json:"gamma,omitempty" yaml:"gamma"`
	// PartialNoise is how far the partials are off at least, a standard deviation over
	// the root mean square of those by the same variable: 0.05 for differences that are
	// right to 5 percent. They are then not believed any farther; what they are off
	// besides is found from the data, as without it. 0: nothing is known. With the
	// trainer lm.
	PartialNoise float64 `json:"partial_noise,omitempty" yaml:"partial_noise"`
}

// validate returns every fault of the settings of response k that does not depend on data.
func (r ResponseOptions) validate(k int) []error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("responses: that of response %d: "+format, append([]any{k + 1}, args...)...))
	}
	for _, h := range r.Hidden {
		if h < 1 || h > maxWidth {
			fault("hidden: a layer of %d neurons; it needs 1 to %d", h, maxWidth)
		}
	}
	check := func(name string, v float64) {
		if !(v >= 0 && !math.IsInf(v, 1)) {
			fault("%s: %v is not a finite number of at least 0", name, v)
		}
	}
	if r.Lambda != nil {
		check("lambda", *r.Lambda)
	}
	if r.Beta != nil {
		check("beta", *r.Beta)
	}
	for _, v := range r.Gamma {
		check("gamma", v)
	}
	check("partial_noise", r.PartialNoise)
	return faults
}

// validateRobust returns every fault of options that ask for a robust loss.
func (o Options) validateRobust() []error {
	var faults []error
	if o.Trainer != "" && o.Trainer != LM {
		faults = append(faults, fmt.Errorf("robust: only the trainer lm lets go of outliers, not %s", o.Trainer))
	}
	if o.Lambda != nil || slices.ContainsFunc(o.Responses, func(r ResponseOptions) bool { return r.Lambda != nil }) {
		faults = append(faults, errors.New("robust: what an outlier is follows from the noise, which is not estimated with a given lambda; give one of the two"))
	}
	if o.Validation > 0 {
		faults = append(faults, errors.New("robust: samples held out by validation may be outliers; leave it out"))
	}
	return faults
}

// fits returns an error if the settings of single responses don't fit the data, or
// ask for several networks where there is one.
func (o Options) fits(d sbo.Data, shared bool) error {
	if o.Responses == nil {
		return nil
	}
	if len(o.Responses) != d.NY {
		return fmt.Errorf("responses: settings of %d responses for data of %d", len(o.Responses), d.NY)
	}
	var faults []error
	for k, r := range o.Responses {
		if r.Gamma != nil && len(r.Gamma) != d.NX {
			faults = append(faults, fmt.Errorf("responses: that of response %d: %d factors gamma for %d inputs", k+1, len(r.Gamma), d.NX))
		}
		if shared && d.NY > 1 && (r.Lambda != nil || r.Hidden != nil) {
			faults = append(faults, fmt.Errorf("responses: that of response %d: a network that all share has no lambda and no hidden layers of a single response", k+1))
		}
	}
	return errors.Join(faults...)
}

// of returns the options of the network of response k.
func (o Options) of(k int) Options {
	if o.Responses == nil {
		return o
	}
	r := o.Responses[k]
	o.Responses, o.noise = nil, o.partialNoise(k)
	if len(r.Hidden) > 0 {
		o.Hidden = r.Hidden
	}
	if r.Lambda != nil {
		o.Lambda = r.Lambda
	}
	return o
}

// partialNoise returns what is known of the noise of the partials of the responses
// that the network of response k answers, all of them or that one; nil if nothing is.
func (o Options) partialNoise(k int) []float64 {
	responses := o.Responses[k : k+1]
	if o.Shared {
		responses = o.Responses
	}
	var noise []float64
	known := false
	for _, r := range responses {
		noise = append(noise, r.PartialNoise)
		known = known || r.PartialNoise > 0
	}
	if !known {
		return nil
	}
	return noise
}

// scaled returns the weights multiplied by the factors of the responses.
func (w Weights) scaled(d sbo.Data, responses []ResponseOptions) Weights {
	for k, r := range responses {
		if r.Beta != nil {
			w.Beta = times(w.Beta, len(d.Y), func(i int) float64 {
				if i%d.NY != k {
					return 1
				}
				return *r.Beta
			})
		}
		if r.Gamma != nil && d.Partials != nil {
			w.Gamma = times(w.Gamma, len(d.Partials), func(i int) float64 {
				if i/d.NX%d.NY != k {
					return 1
				}
				return r.Gamma[i%d.NX]
			})
		}
	}
	return w
}

// times returns n weights, nil for 1, multiplied by a factor of each.
func times(weights []float64, n int, factor func(i int) float64) []float64 {
	product := slices.Clone(weights)
	if weights == nil {
		product = slices.Repeat([]float64{1}, n)
	}
	for i := range product {
		product[i] *= factor(i)
	}
	return product
}
