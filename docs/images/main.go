// Command images makes the pictures of the documentation:
//
//	go run ./docs/images
//
// rosenbrock.png, which opens the README, is the result of a study of the
// Rosenbrock function in its usual box. It is the same every time.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sbo-go/sbo/report"
	"github.com/sbo-go/sbo/study"
)

const rosenbrock = `
study: rosenbrock
seed: 1
variables:
  - {name: x1, lower: -2, upper: 2}
  - {name: x2, lower: -2, upper: 2}
responses:
  - {name: f, minimize: true}
evaluator: {problem: rosenbrock}
`

func main() {
	if err := draw(context.Background(), rosenbrock, filepath.Join("docs", "images", "rosenbrock.png")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// draw runs a study in a temporary folder and draws its result.
func draw(ctx context.Context, plan, file string) (err error) {
	dir, err := os.MkdirTemp("", "sbo-images")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.WriteFile(filepath.Join(dir, study.FileName), []byte(plan), 0o600); err != nil {
		return err
	}
	s, err := study.Open(ctx, dir, study.Options{})
	if err != nil {
		return err
	}
	result, err := s.Run(ctx)
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	picture, err := os.Create(filepath.Clean(file))
	if err != nil {
		return err
	}
	return errors.Join(report.Picture(picture, result, report.Options{}), picture.Close())
}
