package surrogate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Advice is something to know or to do.
type Advice struct {
	About Topic
	// Response is the index of the response it is about.
	Response int
	// Text is a sentence or more, with the numbers it rests on.
	Text string
}

// Topic is what an advice is about.
type Topic string

// The topics, in the order in which advice is given: what is wrong first, then what
// would help.
const (
	AboutWrongNumbers  Topic = "wrong numbers"  // suspects
	AboutWrongPartials Topic = "wrong partials" // a whole column of them
	AboutIterations    Topic = "iterations"     // the training ran out of them
	AboutAccuracy      Topic = "accuracy"       // how good the model is, and where it is worst
	AboutNoise         Topic = "noise"          // there is no more to be had
	AboutSamples       Topic = "samples"        // what more of them would do
	AboutPartials      Topic = "partials"       // what they do, or would
	AboutCapacity      Topic = "capacity"       // what a larger network would do
)

var topics = []Topic{AboutWrongNumbers, AboutWrongPartials, AboutIterations, AboutAccuracy, AboutNoise, AboutSamples, AboutPartials, AboutCapacity}

// advise returns all advice, the most important first: by topic and, within one, the
// responses that fit worst first.
func (g *diagnosis) advise() []Advice {
	var all []Advice
	for k := range g.Responses {
		for topic, text := range map[Topic]string{
			AboutWrongNumbers: g.wrongNumbers(k), AboutIterations: g.iterations(k), AboutAccuracy: g.accuracy(k),
			AboutNoise: g.noise(k), AboutSamples: g.samples(k), AboutPartials: g.partials(k), AboutCapacity: g.capacity(k),
		} {
			if text != "" {
				all = append(all, Advice{topic, k, text})
			}
		}
		for j := range g.task.Data.NX {
			if text := g.wrongPartials(k, j); text != "" {
				all = append(all, Advice{AboutWrongPartials, k, text})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Advice) int {
		return cmp.Or(
			cmp.Compare(slices.Index(topics, a.About), slices.Index(topics, b.About)),
			cmp.Compare(g.error(b.Response), g.error(a.Response)), cmp.Compare(a.Response, b.Response))
	})
	return all
}

// error returns the best known relative error of a response: without suspects if there
// are any, by leave-one-out if that is known, else from the learning curve.
func (g *diagnosis) error(k int) float64 {
	if a := g.best().Values[k]; a.N > 0 {
		return a.NRMSE
	}
	return g.Responses[k].Curve.Now
}

// best returns the leave-one-out accuracy without suspects, if there are any.
func (g *diagnosis) best() Assessment {
	if g.Clean != nil {
		return *g.Clean
	}
	return g.LeaveOneOut
}

// name returns the name of a response.
func (g *diagnosis) name(k int) string { return nth(g.model.Facts.Outputs, k, "response") }

// variable returns the name of a variable.
func (g *diagnosis) variable(j int) string { return nth(g.model.Facts.Inputs, j, "input") }

func nth(names []string, i int, kind string) string {
	if i < len(names) && names[i] != "" {
		return names[i]
	}
	return fmt.Sprintf("%s %d", kind, i+1)
}

// row returns what a sample is called.
func (g *diagnosis) row(i int) int {
	if g.o.Rows != nil {
		return g.o.Rows[i]
	}
	return i + 1
}

// short writes a number with two digits that count.
func short(v float64) string {
	if a := math.Abs(v); a < 1e-4 || a >= 1e5 || math.IsNaN(v) {
		return fmt.Sprintf("%.1e", v)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 2, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// percent writes a fraction as a percentage.
func percent(v float64) string { return short(100*v) + " %" }

func (g *diagnosis) wrongNumbers(k int) string {
	const most = 5
	text, count := "", 0
	for _, s := range g.Suspects {
		if s.Response != k {
			continue
		}
		if count++; count > most {
			continue
		}
		what := "the value of " + g.name(k)
		if s.Variable >= 0 {
			what = fmt.Sprintf("the partial of %s by %s", g.name(k), g.variable(s.Variable))
		}
		hint := ""
		if s.Variable >= 0 && math.Abs(s.Found+s.Expected) < 0.1*math.Abs(s.Expected) {
			hint = ": it seems to have the wrong sign"
		}
		text += fmt.Sprintf("In sample %d, %s is %.5g, but the other samples say %.5g (%.3g standard deviations away)%s. ",
			g.row(s.Sample), what, s.Found, s.Expected, math.Abs(s.Deviations), hint)
	}
	if count == 0 {
		return ""
	}
	if count > most {
		text += fmt.Sprintf("%d more numbers are as suspicious. ", count-most)
	}
	text += "Check them"
	if a, b := g.LeaveOneOut.Values[k], g.Clean.Values[k]; a.NRMSE > 1.2*b.NRMSE {
		text += fmt.Sprintf(": without what is suspect, the error with which a sample is predicted from the others falls from %s to %s of the spread of %s",
			percent(a.NRMSE), percent(b.NRMSE), g.name(k))
	}
	text += "."
	if g.follows(k) {
		return text
	}
	return text + " The network does not follow " + g.name(k) + " well yet, though, so the fault may be its own."
}

// follows reports whether a response is predicted well enough for numbers that stand
// out to be doubted rather than the network.
func (g *diagnosis) follows(k int) bool {
	const well = 0.1
	return !(g.best().Values[k].NRMSE > well || g.Responses[k].Curve.Now > well)
}

// weight returns what a standard deviation of the input times the error of a column of
// partials amounts to, over the standard deviation of the response: whether it matters.
func (g *diagnosis) weight(k, j int) float64 {
	s := g.model.answer(k).members[0].scaling
	return g.best().Partials[k][j].RMSE * s.StdX[j] / s.StdY[k-g.model.answer(k).first]
}

// wrongPartials speaks of a column of partials as a whole.
func (g *diagnosis) wrongPartials(k, j int) string {
	const badR2, badNoise, badFactor, matters = 0.5, 0.2, 0.2, 0.02
	r, a := g.Responses[k], g.best().Partials[k][j]
	noise, factor := r.PartialNoise[j], r.PartialFactor[j]
	bad := a.N >= fewForScale && a.R2 < badR2 && a.R2 < g.best().Values[k].R2-0.3
	if !bad && noise < badNoise || a.N > 0 && g.weight(k, j) < matters {
		return ""
	}
	text := fmt.Sprintf("The partials of %s by %s do not fit the values and the other partials", g.name(k), g.variable(j))
	if noise >= badNoise {
		text += fmt.Sprintf(": they seem wrong by %s of their size, and counted little", percent(noise))
	} else {
		text += fmt.Sprintf(": predicted from the other samples their R2 is %.2f, that of the values %.2f", a.R2, g.best().Values[k].R2)
	}
	poor := !g.follows(k)
	switch {
	case math.Abs(factor+1) < badFactor:
		return text + ". They have the wrong sign."
	case math.Abs(factor-1) > badFactor && (!poor || math.Abs(math.Log(math.Abs(factor))) > 1):
		return text + fmt.Sprintf(". They are %.4g times what the values say: are they in another unit?", factor)
	case poor:
		return text + ". But the network does not follow the values well either, so it may be its fault."
	}
	return text + ". Find out whether they are noisy, or leave them out."
}

func (g *diagnosis) iterations(k int) string {
	s := g.o.Summary
	if len(s.Parts) > 0 {
		s = s.Parts[k]
	} else if k > 0 {
		return ""
	}
	if s.Status != IterationLimit || g.error(k) < goodEnough {
		return ""
	}
	return fmt.Sprintf("The training of %s stopped after all of its %d iterations, before its loss had settled; allow twice as many.", g.name(k), s.Iterations)
}

// accuracy says how good the model of a response is and, unless it is good, where its
// errors are largest.
func (g *diagnosis) accuracy(k int) string {
	a := g.best().Values[k]
	if a.N == 0 {
		if now := g.Responses[k].Curve.Now; now > 0 {
			return fmt.Sprintf("The network of %s is too large for leave-one-out errors; by its learning curve its error is about %s of its spread.", g.name(k), percent(now))
		}
		return ""
	}
	text := fmt.Sprintf("Predicted from the other samples, %s is off by %.3g (root mean square), which is %s of its spread (R2 %.4f)", g.name(k), a.RMSE, percent(a.NRMSE), a.R2)
	if now := g.Responses[k].Curve.Now; now > 2*a.NRMSE && now > goodEnough {
		text += fmt.Sprintf("; networks trained on fewer samples promise less, about %s, and are likelier to be right", percent(now))
	}
	worst, at := 0.0, -1
	for j, p := range g.best().Partials[k] {
		if w := g.weight(k, j); p.N > 0 && w > worst {
			worst, at = w, j
		}
	}
	if at >= 0 {
		p := g.best().Partials[k][at]
		text += fmt.Sprintf("; of the partials, those by %s have the errors that matter most, %s of their spread", g.variable(at), percent(p.NRMSE))
	}
	return text + "."
}

// noise says whether what is left is noise.
func (g *diagnosis) noise(k int) string {
	const matters, near = 0.01, 1.5
	r, a := g.Responses[k], g.best().Values[k]
	flat := len(r.Curve.Samples) > 0 && !r.Curve.Falls()
	if a.N == 0 || !(a.RMSE < near*r.Noise) || !(a.NRMSE > matters) || !flat {
		return ""
	}
	return fmt.Sprintf("That is what the samples of %s scatter by: its noise is about %.3g, and the error hardly falls with more samples. Better runs would help, not more of them.", g.name(k), r.Noise)
}

// goodEnough is an error of a response that needs no advice on how to make it smaller.
const goodEnough = 1e-3

func (g *diagnosis) samples(k int) string {
	c := g.Responses[k].Curve
	if len(c.Samples) == 0 || g.error(k) < goodEnough {
		return ""
	}
	tried := fmt.Sprintf("with %d, %d and %d samples it was %s, %s and %s of the spread", c.Samples[0], c.Samples[1], c.Samples[2],
		percent(median(slices.Clone(c.Errors[0]))), percent(median(slices.Clone(c.Errors[1]))), percent(median(slices.Clone(c.Errors[2]))))
	if !c.Falls() {
		return fmt.Sprintf("More samples of the kind would hardly make the error of %s smaller: %s.", g.name(k), tried)
	}
	return fmt.Sprintf("Twice the samples would bring the error of %s from about %s to about %s of its spread: %s, falling like samples^-%.2g (give or take %.2g).",
		g.name(k), percent(c.Now), percent(c.Doubled), tried, c.Rate, c.Spread)
}

func (g *diagnosis) partials(k int) string {
	r, nx := g.Responses[k], g.task.Data.NX
	t := r.WithoutPartials
	if t.Changed == nil {
		c := r.Curve
		if len(c.Samples) == 0 || !c.Falls() || g.error(k) < goodEnough || g.task.Data.HasPartials() {
			return ""
		}
		return fmt.Sprintf("There are no partials of %s. If each told as much as a value does, those by all %d inputs would be worth %d times the samples, and by the learning curve bring its error from about %s to about %s; whether they do, only trying tells.",
			g.name(k), nx, 1+nx, percent(c.Now), percent(c.Now*math.Pow(float64(1+nx), -c.Rate)))
	}
	now, without := median(slices.Clone(t.Now)), median(slices.Clone(t.Changed))
	switch gain := t.Gain(); {
	case t.Sure() && gain > 1:
		return fmt.Sprintf("The partials of %s do harm: without them the error on samples held out is %s of the spread, with them %s. Check them, or leave them out.", g.name(k), percent(without), percent(now))
	case t.Sure():
		return fmt.Sprintf("The partials of %s make its error %s times smaller: on samples held out it is %s of the spread with them, %s without.", g.name(k), short(1/gain), percent(now), percent(without))
	}
	return fmt.Sprintf("The partials of %s make no clear difference: on samples held out its error is %s of the spread with them, %s without.", g.name(k), percent(now), percent(without))
}

func (g *diagnosis) capacity(k int) string {
	t := g.Responses[k].Larger
	if gain := t.Gain(); !t.Sure() || gain < 1.2 || g.error(k) < goodEnough {
		return ""
	}
	return fmt.Sprintf("A larger network would help %s: with layers half as wide again its error on samples held out is %s of the spread instead of %s.",
		g.name(k), percent(median(slices.Clone(t.Changed))), percent(median(slices.Clone(t.Now))))
}
