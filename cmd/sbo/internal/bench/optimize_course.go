package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/polish"
)

// accuracies are the regrets that are waited for, and how much beyond the limits,
// in scales, a point may be to count for each.
var accuracies = []struct {
	name           string
	regret, excess float64
}{{"1e-2", 1e-2, 1e-4}, {"1e-3", 1e-3, 1e-4}, {"1e-6", 1e-6, 1e-6}}

// Evaluations is a number of evaluations until something was reached, +Inf if it
// never was, which JSON knows as null.
type Evaluations float64

// MarshalJSON writes the number, or null for never.
func (e Evaluations) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(e), 1) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(e))
}

// Course is one run of a solver on a problem.
type Course struct {
	Part   string `json:"part"`
	Case   string `json:"case"`
	Solver string `json:"solver"`
	Seed   int    `json:"seed"`
	// Reached are the evaluations after which the run had reached a regret of 1e-2,
	// 1e-3 and 1e-6, and Rounds the same in rounds of evaluations side by side.
	Reached []Evaluations `json:"reached"`
	Rounds  []Evaluations `json:"rounds"`
	// Evaluations are all that were spent, and Regret the least of them.
	Evaluations int         `json:"evaluations"`
	Regret      Evaluations `json:"regret"`
	Why         string      `json:"why"`    // it ended: solved, budget, the word of the loop, or an error
	Failed      bool        `json:"failed"` // with an error
}

const (
	solved      = "solved"
	budgetSpent = string(polish.Budget)
)

// errDone ends a run that reached the accuracy waited for, or whose budget is spent.
var errDone = errors.New("nothing is left to be seen of this run")

// referee answers the questions of a run with a problem and keeps the score. What
// it was asked before it answers again for nothing. It serves one goroutine.
type referee struct {
	field
	course   *Course
	budget   int
	last     int // index of the accuracy that is waited for
	workers  int // evaluations that run side by side in a round
	partials bool
	spoil    func(y, dydx []float64) // changes what the run gets to see; nil: nothing

	evaluator sbo.Evaluator
	rounds    int
	known     map[string]answer
}

// answer is what was answered at a point; y is nil if the evaluation failed.
type answer struct{ y, dydx []float64 }

func newReferee(c field, course *Course, budget, workers int) *referee {
	for range accuracies {
		course.Reached, course.Rounds = append(course.Reached, Evaluations(never)), append(course.Rounds, Evaluations(never))
	}
	course.Regret = Evaluations(never)
	return &referee{field: c, course: course, budget: budget, last: len(accuracies) - 1, workers: workers, partials: true, evaluator: sbo.Guard(c.problem), known: map[string]answer{}}
}

// ask answers a point. The error is errDone when the budget is spent.
func (r *referee) ask(ctx context.Context, x []float64) (answer, error) {
	key := fmt.Sprint(x)
	if a, ok := r.known[key]; ok {
		return a, nil
	}
	if r.course.Evaluations == r.budget {
		r.course.Why = budgetSpent
		return answer{}, errDone
	}
	a := answer{make([]float64, r.problem.NY()), make([]float64, r.problem.NY()*r.problem.NX())}
	err := r.evaluator.Evaluate(ctx, a.y, a.dydx, x)
	r.course.Evaluations++
	switch {
	case errors.Is(err, sbo.ErrFailed):
		a = answer{}
	case err != nil:
		return a, err
	default:
		r.judge(a.y)
		if r.spoil != nil {
			r.spoil(a.y, a.dydx)
		}
		if !r.partials {
			a.dydx = nil
		}
	}
	r.known[key] = a
	return a, nil
}

// judge keeps the score of the evaluation that was spent last.
func (r *referee) judge(y []float64) {
	regret, excess := r.score(y)
	for i, want := range accuracies {
		if excess <= want.excess && regret <= want.regret && math.IsInf(float64(r.course.Reached[i]), 1) {
			r.course.Reached[i], r.course.Rounds[i] = Evaluations(r.course.Evaluations), Evaluations(r.rounds)
		}
	}
	if excess <= accuracies[0].excess {
		r.course.Regret = min(r.course.Regret, Evaluations(regret))
	}
}

// finished reports whether the accuracy that is waited for is reached.
func (r *referee) finished() bool {
	return !math.IsInf(float64(r.course.Reached[r.last]), 1)
}

// batch is the referee as an [sbo.Batch].
func (r *referee) batch(ctx context.Context, x []float64) (sbo.Data, error) {
	nx, ny := r.problem.NX(), r.problem.NY()
	d := sbo.NewData(nx, ny, len(x)/nx)
	copy(d.X, x)
	before, began := r.course.Evaluations, r.rounds
	for i := range d.Len() {
		r.rounds = began + (r.course.Evaluations-before)/r.workers + 1
		a, err := r.ask(ctx, d.Point(i))
		if err != nil {
			return sbo.Data{}, err
		}
		copy(d.Responses(i), a.y)
		copy(d.PartialsOf(i), a.dydx)
	}
	r.rounds = began + (r.course.Evaluations-before+r.workers-1)/r.workers
	if r.finished() {
		r.course.Why = solved
		return sbo.Data{}, errDone
	}
	return d, nil
}
