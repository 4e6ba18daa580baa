package surrogate_test

import (
	"context"
	"fmt"
	"log"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/surrogate"
)

// A slope of the wrong sign is found out, and what it should be.
func ExampleDiagnose() {
	ctx := context.Background()
	task := surrogate.Task{Data: wave(20)}
	task.Data.Partials[4] *= -1
	model, summary, err := surrogate.Fit(ctx, task, sbo.Rand(1, "fit"), surrogate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	o := surrogate.DiagnoseOptions{Summary: summary, Untried: true}
	d, err := surrogate.Diagnose(ctx, task, model, sbo.Rand(1, "diagnose"), o)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range d.Suspects {
		fmt.Printf("sample %d: slope %.1f, expected %.1f\n", s.Sample+1, s.Found, s.Expected)
	}
	fmt.Println(d.Advice[0].About)
	// Output:
	// sample 5: slope 0.7, expected -0.7
	// wrong numbers
}
