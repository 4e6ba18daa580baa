package study_test

import (
	"context"
	"fmt"
	"os"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
)

// A program evaluates the points of a study by its own means. The study remembers
// every answer, so that the program may be killed and started again at any time.
func ExampleStudy_Ask() {
	dir, err := os.MkdirTemp("", "study")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	valley := sbo.Problem{
		Name:      "valley",
		Variables: []sbo.Variable{{Name: "a", Lower: -1, Upper: 1}, {Name: "b", Lower: -1, Upper: 1}},
		Responses: []sbo.Response{sbo.Minimize("f")},
	}
	plan := study.PlanFor(valley, true, study.Plan{Evaluator: study.EvaluatorPlan{Ask: true}, Surrogate: study.SurrogatePlan{Kind: "kriging"}})
	s, err := study.New(plan, dir, study.Options{})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	for {
		asked, err := s.Ask(ctx, 4, study.AskOptions{})
		if err != nil {
			panic(err)
		}
		if asked.Result != nil {
			best := asked.Result.Best
			fmt.Printf("%s: f(%.3f, %.3f) = %.4f\n", asked.Result.Stopped, best.X[0], best.X[1], best.Y[0])
			return
		}
		var answers []study.Answer
		for _, q := range asked.Questions { // on whatever machines there are
			a, b := q.X[0], q.X[1]
			answers = append(answers, study.Answer{
				ID: q.ID, Y: []float64{1 + (a-0.5)*(a-0.5) + 4*(a-b)*(a-b)},
				Partials: []float64{2*(a-0.5) + 8*(a-b), -8 * (a - b)},
			})
		}
		if _, err := s.Tell(ctx, answers); err != nil {
			panic(err)
		}
	}
	// Output:
	// converged: f(0.500, 0.500) = 1.0000
}
