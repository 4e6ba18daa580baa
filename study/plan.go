package study

import (
	"math"
	"time"

	"github.com/sbo-go/sbo"
)

// Plan is what study.yaml says: the problem, who evaluates it, and how the
// optimum is searched. [LoadPlan] reads, checks and completes it; every default
// is then written out, so that a Plan printed as YAML or JSON is the whole truth
// about what will run.
type Plan struct {
	// What the study is called, in reports. Default: the name of its folder.
	Study string `yaml:"study,omitempty" json:"study,omitempty" jsonschema:"minLength=1"`
	// Every random choice follows from this number: the same seed, the same study. Default 0.
	Seed uint64 `yaml:"seed" json:"seed"`
	// The design variables. Their order is the order of x everywhere.
	Variables []VariablePlan `yaml:"variables" json:"variables" jsonschema:"minItems=1,required"`
	// What an evaluation answers. Exactly one response is minimized or maximized.
	Responses []ResponsePlan `yaml:"responses" json:"responses" jsonschema:"minItems=1,required"`
	// Who evaluates the responses: an external program or a built-in test problem.
	Evaluator EvaluatorPlan `yaml:"evaluator" json:"evaluator" jsonschema:"required"`
	// The design of experiments the study begins with.
	Design DesignPlan `yaml:"design" json:"design"`
	// The neural network that imitates the evaluator. Everything is automatic if left out.
	Surrogate SurrogatePlan `yaml:"surrogate" json:"surrogate"`
	// How the best point of the surrogate is found.
	Optimize OptimizePlan `yaml:"optimize" json:"optimize"`
	// How the surrogate is refined around the optimum, round after round.
	Polish PolishPlan `yaml:"polish" json:"polish"`
	// When to stop at the latest.
	Budget BudgetPlan `yaml:"budget" json:"budget"`

	dir, file string // where it came from; empty for a plan made in memory
}

// VariablePlan is a design variable and its bounds.
type VariablePlan struct {
	// The name of the variable: letters, digits and _ . : - [ ], beginning with a letter or _.
	Name string `yaml:"name" json:"name" jsonschema:"required"`
	// The lower bound, in the unit of the variable.
	Lower float64 `yaml:"lower" json:"lower" jsonschema:"required"`
	// The upper bound, above the lower one.
	Upper float64 `yaml:"upper" json:"upper" jsonschema:"required"`
	// The unit, for people; sbo does not convert.
	Unit string `yaml:"unit,omitempty" json:"unit,omitempty"`
	// What kind of number it is. Default continuous; integer is not supported yet.
	Type VariableType `yaml:"type,omitempty" json:"type,omitempty"`
}

// VariableType is the kind of number a design variable is.
type VariableType string

// The kinds of design variables. Integer is part of the grammar, so that it is
// refused with a reason rather than as a typing error; it is not supported yet.
const (
	Continuous VariableType = "continuous"
	Integer    VariableType = "integer"
)

// ResponsePlan is a number that an evaluation answers. It is the objective
// (minimize or maximize), a constraint (lower, upper or both, or equals), or, with
// none of these, recorded and learned without being acted on.
type ResponsePlan struct {
	// The name of the response: letters, digits and _ . : - [ ], beginning with a letter or _.
	Name string `yaml:"name" json:"name" jsonschema:"required"`
	// The unit, for people; sbo does not convert.
	Unit string `yaml:"unit,omitempty" json:"unit,omitempty"`
	// The response is the objective, to be made as small as possible.
	Minimize bool `yaml:"minimize,omitempty" json:"minimize,omitempty"`
	// The response is the objective, to be made as large as possible.
	Maximize bool `yaml:"maximize,omitempty" json:"maximize,omitempty"`
	// The response must not be below this limit.
	Lower *float64 `yaml:"lower,omitempty" json:"lower,omitempty"`
	// The response must not be above this limit.
	Upper *float64 `yaml:"upper,omitempty" json:"upper,omitempty"`
	// The response must have this value.
	Equals *float64 `yaml:"equals,omitempty" json:"equals,omitempty"`
	// The partials the evaluator delivers: true for all, false for none, or the names of the variables. Default true for a built-in problem, false for a command.
	Partials *Partials `yaml:"partials,omitempty" json:"partials,omitempty"`
	// How far the partials are off, a standard deviation relative to their root mean square: 0.05 for differences that are right to 5 percent. They are then not believed any farther. Default 0: as far as the values bear them out.
	PartialsNoise float64 `yaml:"partials_noise,omitempty" json:"partials_noise,omitempty" jsonschema:"minimum=0,maximum=10"`
}

// EvaluatorPlan says who evaluates: command, problem or ask, one of the three.
type EvaluatorPlan struct {
	// The program and its arguments. A program name with a slash is relative to the folder of the study; without, it is looked up in PATH. An argument that names a file in the folder of the study is given as its full path.
	Command []string `yaml:"command,omitempty" json:"command,omitempty" jsonschema:"minItems=1"`
	// A built-in test problem (sbo problems lists them); its variables and responses are matched by position.
	Problem string `yaml:"problem,omitempty" json:"problem,omitempty"`
	// Nobody that sbo could start: the points are had with sbo ask, evaluated by whatever means, and the answers told with sbo tell.
	Ask bool `yaml:"ask,omitempty" json:"ask,omitempty"`
	// How the command is asked and answers: json, in JSON on its standard streams or in files; dakota, as Dakota asks a fork driver; template, by its own input and output files. Default json.
	Protocol Protocol `yaml:"protocol,omitempty" json:"protocol,omitempty"`
	// Where the command runs: local, on this machine; slurm, as jobs of the workload manager Slurm. Default local.
	Executor Executor `yaml:"executor,omitempty" json:"executor,omitempty"`
	// What jobs ask of Slurm.
	Slurm *SlurmPlan `yaml:"slurm,omitempty" json:"slurm,omitempty"`
	// How many evaluations run at the same time, or are in the queue of Slurm. Default 1, with Slurm 1000.
	Workers int `yaml:"workers,omitempty" json:"workers,omitempty" jsonschema:"minimum=1,maximum=4096"`
	// After what time an evaluation is ended and counts as failed, as 90s, 10m or 1h30m. Default: no limit.
	Timeout Duration `yaml:"timeout,omitempty" json:"timeout,omitzero"`
	// After what time without output an evaluation is ended and counts as failed, as 5m: when neither standard output nor standard error nor a file in its folder has changed for so long. Default: no limit.
	Stall Duration `yaml:"stall,omitempty" json:"stall,omitzero"`
	// Whether the command is started once for each worker and then answers line by line: a request on its standard input, an answer with the same id on its standard output. With the protocol json only. Default false.
	Persistent bool `yaml:"persistent,omitempty" json:"persistent,omitempty"`
	// How often an evaluation that crashed or timed out is tried again. Default 0.
	Retries int `yaml:"retries,omitempty" json:"retries,omitempty" jsonschema:"minimum=0,maximum=100"`
	// After how many failures in a row with the same cause the study stops, or twice as many once something has been answered: something is wrong that is not the fault of the points. They are tried again by running again. Default 10.
	FailuresInARow int `yaml:"failures_in_a_row,omitempty" json:"failures_in_a_row,omitempty" jsonschema:"minimum=2"`
	// Environment variables for the command, besides those sbo was started with.
	Env map[string]string `yaml:"env,omitempty" json:"env,omitempty"`
	// Files and folders that are linked into the folder in which the command runs, by their names. They are relative to the folder of the study; the last part may hold wildcards, as in meshes/*.cgns.
	LinkFiles []string `yaml:"link_files,omitempty" json:"link_files,omitempty" jsonschema:"minItems=1"`
	// Files and folders that are copied into the folder in which the command runs, as link_files are linked: for those that the command changes.
	CopyFiles []string `yaml:"copy_files,omitempty" json:"copy_files,omitempty" jsonschema:"minItems=1"`
	// Details of the protocol dakota.
	Dakota *DakotaPlan `yaml:"dakota,omitempty" json:"dakota,omitempty"`
	// The input files and outputs of a command with the protocol template.
	Template *TemplatePlan `yaml:"template,omitempty" json:"template,omitempty"`
}

// Protocol is the language spoken with a command.
type Protocol string

// The protocols.
const (
	ProtocolJSON     Protocol = "json"
	ProtocolDakota   Protocol = "dakota"
	ProtocolTemplate Protocol = "template"
)

// DesignPlan is the design of experiments.
type DesignPlan struct {
	// How the first points are spread. Default lhs, a Latin hypercube optimized for even filling of the space.
	Sampler string `yaml:"sampler" json:"sampler"`
	// How many points to begin with. Default for d variables: 2d+2 without partials, max(3, min(d/2+1, 4)) with all of them, in between with some.
	Samples int `yaml:"samples" json:"samples" jsonschema:"minimum=1,maximum=1000000"`
}

// SurrogatePlan is the neural network and its training. What is left out is
// chosen from the data.
type SurrogatePlan struct {
	// What imitates the responses: jenn, a neural network; kriging; or auto, for each response the one of them that has foretold the last points better. Default auto.
	Kind string `yaml:"kind,omitempty" json:"kind,omitempty"`
	// The widths of the hidden layers, as [12, 12], or a mapping from some responses to theirs. Default: chosen from the data.
	Hidden *Layers `yaml:"hidden,omitempty" json:"hidden,omitempty"`
	// Whether one network answers all responses. Default: a network for each response.
	Shared bool `yaml:"shared,omitempty" json:"shared,omitempty"`
	// The activation function of the hidden layers. Default: chosen from the data.
	Activation string `yaml:"activation,omitempty" json:"activation,omitempty"`
	// How the network is trained. Default: chosen by the size of the problem.
	Trainer string `yaml:"trainer,omitempty" json:"trainer,omitempty"`
	// The weight of the regularization in the loss: a number for all responses, or a mapping from some of them to theirs. Default: 1e-6 with adam; with the other trainers it is set by the evidence of the data.
	Lambda *Factors `yaml:"lambda,omitempty" json:"lambda,omitempty"`
	// How much the values of responses count in the loss: a number, or a mapping from responses to numbers. Default 1.
	Beta *Factors `yaml:"beta,omitempty" json:"beta,omitempty"`
	// How much partials count in the loss: a number, or a mapping from responses (sfc), or from a response and a variable (thrust/mach), to numbers. Default 1; 0 leaves them out.
	Gamma *Factors `yaml:"gamma,omitempty" json:"gamma,omitempty"`
	// Whether to let go of outliers, values and partials that the others contradict. Needs the trainer lm. Default false.
	Robust bool `yaml:"robust,omitempty" json:"robust,omitempty"`
	// How many networks answer together, at most. Default: chosen by the trainer.
	Ensemble int `yaml:"ensemble,omitempty" json:"ensemble,omitempty" jsonschema:"minimum=1,maximum=100"`
	// About how long the fit of a response may take on one core, as 30s or 5m; more time tries more and larger networks. Default: seconds to a minute, by the number of samples.
	FitTime Duration `yaml:"fit_time,omitempty" json:"fit_time,omitzero"`
	// How many random initializations are tried, of which the best is kept. Default: chosen by the trainer.
	Restarts int `yaml:"restarts,omitempty" json:"restarts,omitempty" jsonschema:"minimum=1,maximum=1000"`
	// The largest number of steps of a training. Default: chosen by the trainer.
	Iterations int `yaml:"iterations,omitempty" json:"iterations,omitempty" jsonschema:"minimum=1"`
	// The fraction of the samples held out to stop the training early. Default 0, none.
	Validation float64 `yaml:"validation,omitempty" json:"validation,omitempty" jsonschema:"minimum=0,exclusiveMaximum=1"`
	// After how many steps without progress on the held-out samples the training stops. Default: a tenth of iterations.
	Patience int `yaml:"patience,omitempty" json:"patience,omitempty" jsonschema:"minimum=1"`
	// The learning rate of the trainer adam. Default: chosen by the trainer.
	LearningRate float64 `yaml:"learning_rate,omitempty" json:"learning_rate,omitempty" jsonschema:"exclusiveMinimum=0"`
	// How many samples make a step of the trainer adam. Default: all.
	Batch int `yaml:"batch,omitempty" json:"batch,omitempty" jsonschema:"minimum=1"`
}

// OptimizePlan is the optimizer that works on the surrogate.
type OptimizePlan struct {
	// The method of optimization. Default lbfgs.
	Method string `yaml:"method" json:"method"`
	// From how many points the optimizer starts in each round. Default: chosen from the number of variables.
	Starts int `yaml:"starts,omitempty" json:"starts,omitempty" jsonschema:"minimum=1,maximum=100000"`
}

// PolishPlan is the refinement around the optimum.
type PolishPlan struct {
	// Which samples the network must fit best: near-optimum, those near the predicted optimum; near-flat, those with small partials; none, all alike. Default near-optimum.
	Weighting string `yaml:"weighting" json:"weighting"`
	// The estimated chance that there is a basin nobody has seen, below which the study stops at the best optimum it knows; 1: it stops at the first. Default 0.1.
	Unseen float64 `yaml:"unseen,omitempty" json:"unseen,omitempty" jsonschema:"exclusiveMinimum=0,maximum=1"`
	// How many new points are evaluated in each round. Default 1.
	Batch int `yaml:"batch" json:"batch" jsonschema:"minimum=1,maximum=4096"`
}

// BudgetPlan ends a study that has not converged.
type BudgetPlan struct {
	// The largest number of evaluations, those of the design included. Default 100, or twice the samples of the design if that is more.
	Evaluations int `yaml:"evaluations" json:"evaluations" jsonschema:"minimum=1"`
	// The longest time a run may take, as 30m or 24h. Default: no limit.
	Walltime Duration `yaml:"walltime,omitempty" json:"walltime,omitzero"`
}

// Duration is a length of time that is written as 90s, 10m or 1h30m.
type Duration time.Duration

// MarshalText writes the duration in the form [time.Duration.String].
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads a duration as [time.ParseDuration] does.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}

// Dir returns the folder of the study: where its .sbo folder lies and where
// relative commands are looked for. It is empty for a plan made in memory.
func (p *Plan) Dir() string { return p.dir }

// File returns the file the plan was read from, empty for a plan made in memory.
func (p *Plan) File() string { return p.file }

// Problem returns what is to be decided, in the terms of the root package.
func (p *Plan) Problem() sbo.Problem {
	q := sbo.Problem{Name: p.Study}
	for _, v := range p.Variables {
		q.Variables = append(q.Variables, sbo.Variable{Name: v.Name, Unit: v.Unit, Lower: v.Lower, Upper: v.Upper})
	}
	for _, r := range p.Responses {
		q.Responses = append(q.Responses, r.response())
	}
	return q
}

func (r ResponsePlan) response() sbo.Response {
	limit := func(v *float64, none float64) float64 {
		if v == nil {
			return none
		}
		return *v
	}
	var s sbo.Response
	switch {
	case r.Minimize:
		s = sbo.Minimize(r.Name)
	case r.Maximize:
		s = sbo.Maximize(r.Name)
	case r.Equals != nil:
		s = sbo.Equal(r.Name, *r.Equals)
	case r.Lower != nil || r.Upper != nil:
		s = sbo.Between(r.Name, limit(r.Lower, math.Inf(-1)), limit(r.Upper, math.Inf(1)))
	default:
		s = sbo.Monitored(r.Name)
	}
	s.Unit = r.Unit
	return s
}
