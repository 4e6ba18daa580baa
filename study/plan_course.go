package study

import (
	"fmt"
	"math"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/polish"
)

// PlanFor completes settings to the plan of a study of the problem, as [LoadPlan]
// completes a file: with every default that sbo run has. Variables and Responses of
// settings are replaced by those of the problem. partials says whether whoever
// evaluates it delivers partials, all or none.
func PlanFor(p sbo.Problem, partials bool, settings Plan) *Plan {
	settings.Study = p.Name
	settings.Variables, settings.Responses = nil, nil
	for _, v := range p.Variables {
		settings.Variables = append(settings.Variables, VariablePlan{Name: v.Name, Lower: v.Lower, Upper: v.Upper, Unit: v.Unit})
	}
	for _, r := range p.Responses {
		settings.Responses = append(settings.Responses, responsePlan(r, partials))
	}
	settings.complete()
	return &settings
}

// responsePlan is the inverse of [ResponsePlan.response].
func responsePlan(r sbo.Response, partials bool) ResponsePlan {
	q := ResponsePlan{Name: r.Name, Unit: r.Unit, Partials: &Partials{All: partials}}
	switch {
	case r.Role == sbo.Objective:
		q.Minimize, q.Maximize = !r.Maximize, r.Maximize
	case r.Role == sbo.Constraint && r.Lower == r.Upper:
		q.Equals = &r.Lower
	case r.Role == sbo.Constraint:
		q.Lower, q.Upper = limit(r.Lower), limit(r.Upper)
	}
	return q
}

// limit returns a limit as it is written in a plan: an infinite one is none.
func limit(v float64) *float64 {
	if math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// DesignPoints returns the points a study begins with, rows of as many numbers as
// there are variables: those of its design, but no more than its budget.
func (p *Plan) DesignPoints() ([]float64, error) {
	sampler, err := doe.Lookup(p.Design.Sampler)
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	box := p.Problem().Box()
	nx := box.Dim()
	x := sampler.Sample(p.Design.Samples, nx, sbo.Rand(p.Seed, "design"))
	x = x[:min(p.Design.Samples, p.Budget.Evaluations)*nx]
	for i := 0; i < len(x); i += nx {
		box.Place(x[i:i+nx], x[i:i+nx])
	}
	return x, nil
}

// Loop returns the rounds that follow the design, as the plan has them. Who
// evaluates, and on how many cores, is left to the caller.
func (p *Plan) Loop() polish.Loop {
	return polish.Loop{
		Problem: p.Problem(), Surrogate: p.SurrogateOptions(), Optimize: p.OptimizeOptions(),
		Model: polish.Model(p.Surrogate.Kind), Unseen: p.Polish.Unseen,
		Weighting: polish.Weighting{Kind: polish.Kind(p.Polish.Weighting)},
		Budget:    p.Budget.Evaluations, Batch: p.Polish.Batch, Seed: p.Seed, Starts: p.Optimize.Starts,
	}
}
