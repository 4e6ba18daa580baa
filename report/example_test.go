package report_test

import (
	"fmt"
	"os"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/report"
	"github.com/sbo-go/sbo/study"
)

// What stands at the end of a run. A real result comes from study.Study.Run; this
// one, a box of least area for a volume, is made by hand.
func ExampleText() {
	side := sbo.Variable{Name: "side", Unit: "cm", Lower: 1, Upper: 20}
	height := sbo.Variable{Name: "height", Unit: "cm", Lower: 1, Upper: 20}
	area, volume := sbo.Minimize("area"), sbo.AtLeast("volume", 1000)
	area.Unit, volume.Unit = "cm2", "cm3"
	p := sbo.Problem{Name: "box", Variables: []sbo.Variable{side, height}, Responses: []sbo.Response{area, volume}}

	x, y := []float64{10, 10}, []float64{600, 1000}
	partials := []float64{80, 40, 200, 100}
	result := &study.Result{
		Problem: p, Stopped: study.Converged, Why: "Prediction and truth agree.", Seed: 1, Version: "v1.0.0",
		Best:        &study.Best{ID: 14, X: x, Y: y, Partials: partials, Feasible: true},
		Certificate: optimize.KKT{Residual: 2e-9, Known: true, Bounds: []float64{0, 0}, Multipliers: []float64{0, 0.4}},
		Evaluations: study.Counts{Total: 14, Done: 14, WithPartials: 14},
		Seconds:     study.Seconds{Evaluate: 840, Fit: 1.5, Optimize: 0.2},
	}
	if err := report.Text(os.Stdout, result); err != nil {
		fmt.Println(err)
	}
	// Output:
	// box converged: 14 evaluations, 0 rounds
	//
	// Best point (evaluation 14, feasible)
	//   side      10  cm   1 to 20
	//   height    10  cm   1 to 20
	//
	//   area     600  cm2  minimize
	//   volume  1000  cm3  >= 1000   active
	//
	// What the active limits cost (to first order)
	//   1 % less volume (1000 -> 990 cm3): area -0.667 % (-4 cm2)
	//
	// Certificate
	//   KKT residual 2e-9 from measured partials: to first order, no variable moved across its whole range
	//     gains more than this fraction of the objective.
	//
	// Why it stopped
	//   Prediction and truth agree.
	//
	// Evaluations
	//   14 in 0 rounds: 14 done (14 with partials), 0 failed
	//   time: evaluations 14.0 min, training 1.5 s, optimizing 0.2 s; seed 1, sbo v1.0.0
	//
	// Next
	//   Nothing has to be done. The active limits say where a better design would be.
}
