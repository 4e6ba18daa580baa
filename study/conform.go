package study

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sbo-go/sbo"
)

// Verdict is what a check of an evaluator comes to.
type Verdict string

// The verdicts of checks.
const (
	Passed  Verdict = "ok"
	Noted   Verdict = "note"  // works, but there is something to know
	Wrong   Verdict = "WRONG" // a study could go wrong because of it
	Skipped Verdict = "skipped"
)

// Check is one thing that an evaluator was tried for.
type Check struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	Text    string  `json:"text"` // a sentence on what was seen
}

// Conformance is what trials of an evaluator have shown.
type Conformance struct {
	Evaluation Evaluation // the first, at the point given
	Checks     []Check    // in the order in which they were made
}

// Conform tries the evaluator for what studies count on, in evaluations that leave
// the study as it is: that it answers, with the partials that are declared; the same
// point twice the same; another point differently; values alone as well as with
// partials; several at a time, if there are workers, as one at a time; that it ends
// when its time is over, with all it started; and that it leaves the folder of the
// study alone. These are five to seven evaluations, of which one is cut short, at x
// and, slightly beside it, at another point of the bounds; if the first fails, there
// are no more. It works in the folder dir, which should be new. The error is that
// of [Study.Try].
func (s *Study) Conform(ctx context.Context, dir string, x []float64) (*Conformance, error) {
	c := &conformer{study: s, dir: dir, problem: s.plan.Problem(), mask: s.plan.PartialMask(), before: listing(s.dir)}
	c.points = append(slices.Clone(x), beside(c.problem.Box(), x)...)
	first, err := c.try(ctx, "first", x, nil)
	if err != nil {
		return nil, err
	}
	c.Evaluation = first[0]
	if first[0].State == Failed {
		c.report("answers", Wrong, "%s", first[0].Cause)
		return &c.Conformance, nil
	}
	c.answered()
	steps := []func(context.Context) error{c.again}
	if len(s.plan.Evaluator.Command) > 0 {
		steps = append(steps, c.valuesAlone, c.together, c.inTime, c.leftovers)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return &c.Conformance, err
		}
	}
	return &c.Conformance, nil
}

// conformer makes the checks.
type conformer struct {
	Conformance
	study   *Study
	dir     string
	problem sbo.Problem
	mask    []bool
	points  []float64 // two
	twice   []Evaluation
	steady  bool // the values are the same to the bit
	before  map[string]string
}

func (c *conformer) report(name string, v Verdict, format string, args ...any) {
	c.Checks = append(c.Checks, Check{name, v, fmt.Sprintf(format, args...)})
}

// try evaluates points in a folder of their own, under a plan that is adjusted.
func (c *conformer) try(ctx context.Context, folder string, x []float64, adjust func(*Plan)) ([]Evaluation, error) {
	return c.study.trial(ctx, filepath.Join(c.dir, folder), x, func(p *Plan) {
		p.Evaluator.Retries = 0
		if adjust != nil {
			adjust(p)
		}
	})
}

// beside returns a point near x, one to two hundredths of the bounds away, and as good
// as never by the same share in two variables: their ratio would stay the same.
func beside(box sbo.Box, x []float64) []float64 {
	near := slices.Clone(x)
	for j := range near {
		_, share := math.Modf(float64(j) * math.Phi)
		step := (0.01 + 0.01*share) * (box.Upper[j] - box.Lower[j])
		if near[j]+step > box.Upper[j] {
			step = -step
		}
		near[j] += step
	}
	return near
}

// answered reports on the first answer.
func (c *conformer) answered() {
	e, nx := c.Evaluation, c.problem.NX()
	c.report("answers", Passed, "a value of every response, in %.3g s", e.Seconds)
	var missing []string
	declared := 0
	for i, wanted := range c.mask {
		if wanted {
			declared++
			if math.IsNaN(e.Partials[i]) {
				missing = append(missing, c.problem.Responses[i/nx].Name+" by "+c.problem.Variables[i%nx].Name)
			}
		}
	}
	switch {
	case declared == 0:
		c.report("partials", Skipped, "none are declared")
	case len(missing) > 0:
		c.report("partials", Noted, "%d of %d declared partials were not delivered: %s", len(missing), declared, strings.Join(missing, ", "))
	default:
		c.report("partials", Passed, "all %d that are declared", declared)
	}
	if e.Note != "" {
		c.report("remarks", Noted, "%s", e.Note)
	}
}

// again evaluates the point once more, and the one beside it.
func (c *conformer) again(ctx context.Context) (err error) {
	if c.twice, err = c.try(ctx, "again", c.points, func(p *Plan) { p.Evaluator.Workers = 1 }); err != nil {
		return err
	}
	again, other := c.twice[0], c.twice[1]
	if again.State == Failed {
		c.report("repeats", Wrong, "the same point failed when it was evaluated again: %s", again.Cause)
		return nil
	}
	worst := c.differences(c.Evaluation, again)
	switch c.steady = worst == ""; {
	case c.steady && c.samePartials(c.Evaluation, again):
		c.report("repeats", Passed, "the same point gives the same numbers to the bit")
	case c.steady:
		c.report("repeats", Noted, "the same point gives the same values, but other partials")
	default:
		c.report("repeats", Noted, "the same point gives other values: %s; the study takes this for noise", worst)
	}
	if other.State == Failed {
		c.report("depends", Noted, "a point nearby failed: %s", other.Cause)
		return nil
	}
	var constant []string
	for k, r := range c.problem.Responses {
		if other.Y[k] == again.Y[k] {
			constant = append(constant, r.Name)
		}
	}
	switch {
	case len(constant) == len(c.problem.Responses):
		c.report("depends", Wrong, "no response changes when every variable does: does the program read what it is asked, and write what is read?")
	case len(constant) > 0:
		c.report("depends", Noted, "%s stays the same when every variable changes: is it constant, or read from an old file?", strings.Join(constant, ", "))
	default:
		c.report("depends", Passed, "every response changes with the variables")
	}
	return nil
}

// differences describes where the values of two evaluations differ; empty if they
// do not.
func (c *conformer) differences(a, b Evaluation) string {
	var parts []string
	for k, r := range c.problem.Responses {
		if d := math.Abs(a.Y[k] - b.Y[k]); d > 0 {
			relative := d / math.Max(math.Abs(a.Y[k]), math.Abs(b.Y[k]))
			parts = append(parts, fmt.Sprintf("%s by %.2g (%.1g of it)", r.Name, d, relative))
		}
	}
	return strings.Join(parts, ", ")
}

func (c *conformer) samePartials(a, b Evaluation) bool {
	return slices.EqualFunc(a.Partials, b.Partials, func(u, v float64) bool { return u == v || math.IsNaN(u) && math.IsNaN(v) })
}

// valuesAlone asks for no partials, as a study may where they are of no use.
func (c *conformer) valuesAlone(ctx context.Context) error {
	const name = "values alone"
	if !slices.Contains(c.mask, true) || c.study.plan.Evaluator.Protocol == ProtocolTemplate {
		c.report(name, Skipped, "partials are not asked for anyway")
		return nil
	}
	alone, err := c.try(ctx, "values", c.points[:c.problem.NX()], func(p *Plan) {
		p.Responses = slices.Clone(p.Responses)
		for i := range p.Responses {
			p.Responses[i].Partials = &Partials{}
		}
	})
	if err != nil {
		return err
	}
	e := alone[0]
	worst := ""
	if e.State != Failed {
		worst = c.differences(c.Evaluation, e)
	}
	switch {
	case e.State == Failed:
		c.report(name, Wrong, "asked for values without partials, it failed: %s", e.Cause)
	case worst != "" && c.steady:
		c.report(name, Wrong, "asked for values without partials, it gives other values: %s", worst)
	default:
		c.report(name, Passed, "%.3g s without partials, %.3g s with them", e.Seconds, c.twice[0].Seconds)
	}
	return nil
}

// together evaluates both points at the same time.
func (c *conformer) together(ctx context.Context) error {
	const name = "side by side"
	if c.study.plan.Evaluator.Workers < 2 || c.twice[1].State == Failed || c.twice[0].State == Failed {
		c.report(name, Skipped, "the study has one worker, or a point failed")
		return nil
	}
	both, err := c.try(ctx, "together", c.points, func(p *Plan) { p.Evaluator.Workers = 2 })
	if err != nil {
		return err
	}
	for i, e := range both {
		worst := ""
		if e.State != Failed {
			worst = c.differences(c.twice[i], e)
		}
		switch {
		case e.State == Failed:
			c.report(name, Wrong, "beside another evaluation, one failed that succeeds alone: %s; do they share a file?", e.Cause)
			return nil
		case worst != "" && c.steady:
			c.report(name, Wrong, "beside another evaluation, one gives other values than alone: %s; do they share a file?", worst)
			return nil
		}
	}
	c.report(name, Passed, "two at a time give what each gives alone")
	return nil
}

// inTime cuts an evaluation short.
func (c *conformer) inTime(ctx context.Context) error {
	const name = "time-out"
	limit := time.Duration(min(c.Evaluation.Seconds, c.twice[0].Seconds) / 3 * float64(time.Second))
	limit = min(max(limit, time.Millisecond), 10*time.Second)
	started := time.Now()
	cut, err := c.try(ctx, "timeout", c.points[:c.problem.NX()], func(p *Plan) { p.Evaluator.Timeout, p.Evaluator.Stall = Duration(limit), 0 })
	if err != nil {
		return err
	}
	took := time.Since(started)
	switch e := cut[0]; {
	case e.State != Failed:
		c.report(name, Skipped, "it is too quick to be cut short")
	case !strings.HasPrefix(e.Cause, "timeout"):
		c.report(name, Noted, "cut short after %v, it failed in another way: %s", limit.Round(time.Millisecond), e.Cause)
	case took > limit+timeoutGrace && c.study.plan.Evaluator.Executor != ExecutorSlurm: // there, it has also waited in the queue
		c.report(name, Noted, "it does not end when it is asked to (SIGTERM), and is killed %v later", timeoutGrace)
	default:
		c.report(name, Passed, "cut short after %v, it ended", limit.Round(time.Millisecond))
	}
	return nil
}
