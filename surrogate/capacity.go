package surrogate

import "slices"

// A survey compares up to mostScouts networks, of up to 0.4 parameters per number to
// fit. Each takes leastSteps gradients to show what it is good for; where that is more
// than there is work for, they are fewer, until those that are left may have the
// wanted parameters.
const (
	mostScouts       = 15
	leastSteps       = 300
	wantedShare      = 0.15
	wantedParameters = 3000
	widestSurveyed   = 128
)

// surveyed returns the networks that a survey begins with.
func surveyed(t trainingSet, o Options) []candidate {
	if len(o.Hidden) > 0 {
		var all []candidate
		for _, a := range activations(o) {
			all = append(all, candidate{slices.Concat([]int{t.nx}, o.Hidden, []int{t.ny}), a})
		}
		return all
	}
	small := t
	small.m = min(t.m, scoutSamples)
	perParameter := small.passWork()
	wanted := min(wantedShare*float64(t.residuals()), wantedParameters)
	for most := mostScouts; ; most-- {
		affordable := scoutPart * o.surveyWork(t) / (float64(most) * leastSteps * perParameter)
		if affordable >= wanted || most == 2 {
			return surveyList(t, o, affordable, most)
		}
	}
}

// surveyList returns up to `most` networks of one to three layers with 0.2 parameters
// per number to fit, for every activation, and then more and fewer with the first, none
// larger than affordable. Three layers come first: they did best on rough functions
// with many samples.
func surveyList(t trainingSet, o Options, affordable float64, most int) []candidate {
	var all []candidate
	add := func(share float64, a Activation) {
		for depth := 3; depth >= 1; depth-- {
			w := widest(t, depth, min(share*float64(t.residuals()), affordable), widestSurveyed)
			layers := slices.Concat([]int{t.nx}, slices.Repeat([]int{w}, depth), []int{t.ny})
			known := func(c candidate) bool { return c.activation == a && slices.Equal(c.layers, layers) }
			if len(all) < most && !slices.ContainsFunc(all, known) {
				all = append(all, candidate{layers, a})
			}
		}
	}
	for i, a := range activations(o) {
		add(0.2, a)
		if i == 0 {
			add(0.4, a)
			add(0.1, a)
		}
	}
	return all
}
