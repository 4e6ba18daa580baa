package study_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sbo-go/sbo/study"
)

// A study is a folder. Running it again changes nothing: all its answers are
// remembered.
func Example() {
	dir, err := os.MkdirTemp("", "study")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	plan := `
variables:
  - {name: x1, lower: -2, upper: 3}
  - {name: x2, lower: -2, upper: 3}
responses:
  - {name: f, minimize: true}
evaluator: {problem: sphere}
budget: {evaluations: 30}
`
	if err := os.WriteFile(filepath.Join(dir, study.FileName), []byte(plan), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	for range 2 {
		evaluated := 0
		s, err := study.Open(ctx, dir, study.Options{Progress: func(e study.Event) {
			if e.Kind == study.EventEvaluated {
				evaluated++
			}
		}})
		if err != nil {
			fmt.Println(err)
			return
		}
		r, err := s.Run(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s, f < 1e-6: %v, evaluated now: %v\n", r.Stopped, r.Best.Y[0] < 1e-6, evaluated > 0)
	}
	// Output:
	// converged, f < 1e-6: true, evaluated now: true
	// converged, f < 1e-6: true, evaluated now: false
}
