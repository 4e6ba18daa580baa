package study

import (
	"math"
	"path/filepath"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/surrogate"
)

// complete writes out every default of a plan that has passed the checks. What
// only packages surrogate and optimize can choose, because it depends on the
// data, is left to them.
func (p *Plan) complete() {
	setDefault(&p.Study, folderName(p.dir))
	for i := range p.Variables {
		setDefault(&p.Variables[i].Type, Continuous)
	}
	command := len(p.Evaluator.Command) > 0
	external := command || p.Evaluator.Ask
	for i := range p.Responses {
		// A built-in problem knows its partials; of a program it must be said.
		if r := &p.Responses[i]; r.Partials == nil {
			r.Partials = &Partials{All: !external}
		}
	}
	if command {
		setDefault(&p.Evaluator.Protocol, ProtocolJSON)
		setDefault(&p.Evaluator.FailuresInARow, 10)
		if p.Evaluator.Executor == ExecutorSlurm {
			p.Evaluator.Slurm = p.Evaluator.Slurm.complete()
			setDefault(&p.Evaluator.Workers, 1000)
		}
		if p.Evaluator.Protocol == ProtocolDakota {
			p.Evaluator.Dakota = p.Evaluator.Dakota.complete()
		}
	}
	setDefault(&p.Evaluator.Workers, 1)
	setDefault(&p.Design.Sampler, "lhs")
	if p.Design.Samples == 0 {
		p.Design.Samples = p.defaultSamples()
		if half := p.Budget.Evaluations / 2; p.Budget.Evaluations > 0 {
			p.Design.Samples = max(1, min(p.Design.Samples, half))
		}
	}
	setDefault(&p.Budget.Evaluations, max(100, 2*p.Design.Samples))
	setDefault(&p.Optimize.Method, string(optimize.LBFGS))
	setDefault(&p.Polish.Weighting, NearOptimum)
	setDefault(&p.Polish.Batch, 1)
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// defaultSamples is the size of a design for which nothing else is asked: small,
// since infill puts every later sample where it tells most. A descent along measured
// partials begins anywhere, so that d/2 + 1 samples do if objective and constraints
// come with all of their partials, at least 3 and at most 4 to see more than one
// basin. Without partials it takes 2d + 2 to tell the variables from each other. (A
// design of ten samples per variable, which is the custom for surrogates that are not
// refined, costs more than a direct solver needs to the optimum of most smooth
// problems.)
func (p *Plan) defaultSamples() int {
	delivered, all := 0, 0
	mask := p.PartialMask()
	for k, r := range p.Problem().Responses {
		if r.Role == sbo.Monitor {
			continue
		}
		for j := range p.Variables {
			if all++; mask[k*len(p.Variables)+j] {
				delivered++
			}
		}
	}
	share := float64(delivered) / float64(max(all, 1))
	d := len(p.Variables)
	with, without := max(3, min(d/2+1, 4)), 2*d+2
	return with + int(math.Ceil((1-share)*float64(without-with)))
}

func folderName(dir string) string {
	abs, err := filepath.Abs(dir)
	if name := filepath.Base(abs); err == nil && name != string(filepath.Separator) && name != "." {
		return name
	}
	return "study"
}

// SurrogateOptions returns the settings of the surrogate for package surrogate.
func (p *Plan) SurrogateOptions() surrogate.Options {
	s := p.Surrogate
	var variables, responses []string
	for _, v := range p.Variables {
		variables = append(variables, v.Name)
	}
	for _, r := range p.Responses {
		responses = append(responses, r.Name)
	}
	o := surrogate.Options{
		Shared: s.Shared, Activation: surrogate.Activation(s.Activation), Trainer: surrogate.Trainer(s.Trainer),
		Robust: s.Robust, Ensemble: s.Ensemble, FitTime: time.Duration(s.FitTime), Restarts: s.Restarts, Iterations: s.Iterations, Validation: s.Validation,
		Patience: s.Patience, LearningRate: s.LearningRate, Batch: s.Batch,
		Responses: ResponseSettings(responses, variables, s.Hidden, s.Lambda, s.Beta, s.Gamma),
	}
	for k, r := range p.Responses {
		if r.PartialsNoise > 0 {
			if o.Responses == nil {
				o.Responses = make([]surrogate.ResponseOptions, len(p.Responses))
			}
			o.Responses[k].PartialNoise = r.PartialsNoise
		}
	}
	if s.Hidden != nil {
		o.Hidden = s.Hidden.All
	}
	if s.Lambda != nil {
		o.Lambda = s.Lambda.All
	}
	return o
}

// OptimizeOptions returns the settings of the optimizer for package optimize.
func (p *Plan) OptimizeOptions() optimize.Options {
	return optimize.Options{Method: optimize.Method(p.Optimize.Method)}
}
