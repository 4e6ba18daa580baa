package study_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sbo-go/sbo/study"
)

// A study is written, read, and its defaults are seen.
func ExampleLoadPlan() {
	dir, err := os.MkdirTemp("", "study")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if _, err := study.Init(dir, study.External); err != nil {
		panic(err)
	}
	plan, err := study.LoadPlan(dir)
	if err != nil {
		panic(err)
	}
	for _, r := range plan.Problem().Responses {
		fmt.Println(r.Name, "is the", r.Role, "in", r.Unit)
	}
	fmt.Println(plan.Design.Samples, "samples,", plan.Budget.Evaluations, "evaluations at most")
	// Output:
	// area is the objective in cm2
	// volume is the constraint in ml
	// 3 samples, 60 evaluations at most
}

// All faults of a file are reported at once, with their places.
func ExampleConfigError() {
	dir, err := os.MkdirTemp("", "study")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	text := `variables:
  - {name: radius, lower: 6, upper: 2}
responses:
  - {name: area, minimized: true}
evaluator: {problem: rosenbrok}
`
	if err := os.WriteFile(filepath.Join(dir, study.FileName), []byte(text), 0o600); err != nil {
		panic(err)
	}
	_, err = study.LoadPlan(dir)
	if config, ok := errors.AsType[*study.ConfigError](err); ok {
		for _, f := range config.Faults {
			fmt.Printf("%d:%d %s\n", f.Line, f.Column, f.Message)
		}
	}
	// Output:
	// 2:27 lower is 6, which is above upper, 2; swap them
	// 4:18 unknown key "minimized"; did you mean "minimize"?
	// 5:22 there is no problem "rosenbrok"; did you mean "rosenbrock"?
}
