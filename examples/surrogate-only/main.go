// Surrogate-only uses a table of results without a simulation: it learns values
// and partials, says how accurate the network is on samples that it has not seen,
// finds its best point under a constraint, saves it and loads it again.
//
// samples.csv holds 40 samples of a truss of two tubes (span 1.5 m, wall 2.5 mm,
// load 66 kN; R. L. Fox, Optimization Methods for Engineering Design,
// Addison-Wesley, 1971, section 1): its mass and stress by its height and the
// tubes' diameter, with partials. For at most 200 MPa the lightest one is as high as
// half its span, 0.75 m, with tubes of 0.029710 m, and has 3.88575 kg; the network
// finds it from the table alone. The command line does the same:
//
//	sbo fit samples.csv --samples 30 -o truss.json
//	sbo predict truss.json --at height_m=1,diameter_m=0.05 --partials
//	sbo minimize truss.json --minimize mass_kg --at-most stress_MPa=200
package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"log"
	"slices"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/surrogate"
)

//go:embed samples.csv
var table []byte

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	// The names of the columns with partials tell inputs from outputs.
	samples, columns, err := sbo.ReadCSV(bytes.NewReader(table), "samples.csv", nil, nil)
	if err != nil {
		return err
	}
	order := sbo.Rand(1, "split").Perm(samples.Len())
	train, unseen := samples.Subset(order[:30]), samples.Subset(order[30:])

	model, summary, err := surrogate.Fit(ctx, surrogate.Task{Data: train}, sbo.Rand(1, "fit"), surrogate.Options{})
	if err != nil {
		return err
	}
	fmt.Printf("learned from %d samples: %v hidden neurons, %d parameters\n", train.Len(), summary.Hidden, summary.Parameters)
	accuracy := surrogate.Assess(model, unseen)
	for k, name := range columns.Outputs {
		fmt.Printf("%s on %d unseen samples: R2 %.5f, its partials %.5f and %.5f\n",
			name, unseen.Len(), accuracy.Values[k].R2, accuracy.Partials[k][0].R2, accuracy.Partials[k][1].R2)
	}

	truss := sbo.Problem{
		Variables: []sbo.Variable{{Name: "height_m", Lower: 0.3, Upper: 1.5}, {Name: "diameter_m", Lower: 0.02, Upper: 0.08}},
		Responses: []sbo.Response{sbo.Minimize("mass_kg"), sbo.AtMost("stress_MPa", 200)},
	}
	starts := doe.LatinHypercube{}.Sample(20, truss.NX(), sbo.Rand(1, "starts"))
	for u := range slices.Chunk(starts, truss.NX()) {
		truss.Box().Place(u, u)
	}
	results, err := optimize.Multistart(ctx, truss, model, starts, optimize.Options{})
	if err != nil {
		return err
	}
	best := results[0]
	fmt.Printf("best: height %.3f m, diameter %.4f m, mass %.3f kg, stress %.1f MPa\n", best.X[0], best.X[1], best.Y[0], best.Y[1])
	fmt.Printf("one MPa more would save %.4f kg\n", -best.KKT.Multipliers[1])

	var file bytes.Buffer // or os.Create("truss.json")
	if err := model.Save(&file); err != nil {
		return err
	}
	size := file.Len()
	again, err := surrogate.Load(&file)
	if err != nil {
		return err
	}
	same := slices.Equal(model.Predict(nil, best.X), again.Predict(nil, best.X))
	fmt.Printf("saved in %d bytes; loaded again it predicts the same: %v\n", size, same)
	return nil
}
