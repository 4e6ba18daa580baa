package study

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/optimize"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/surrogate"
)

// evaluator checks that there is one, and that it is to be found.
func (c checker) evaluator() {
	e := c.plan.Evaluator
	command, problem, ask := "evaluator.command", "evaluator.problem", "evaluator.ask"
	switch {
	case !c.clean(command) || !c.clean(problem) || !c.clean(ask):
	case e.Ask && (c.has(command) || c.has(problem)):
		c.faultAtKey(ask, "sbo ask and sbo tell work in any study; ask: true is for one without command or problem, so remove this or that")
	case e.Ask:
		c.none("ask: true is for evaluations that sbo does not start")
	case c.has(command) && c.has(problem):
		c.faultAtKey(problem, "an evaluator is a command or a problem; keep one of the two")
	case c.has(command):
		c.command(command, e.Command)
	case c.has(problem):
		c.problem(e.Problem)
	case c.has("evaluator"):
		c.faultAtKey("evaluator", "the evaluator is neither a command nor a problem; add one, as in `command: [\"./simulate.sh\"]` or `problem: rosenbrock`, or `ask: true` to evaluate by sbo ask and sbo tell")
	}
	c.choice("evaluator.protocol", string(e.Protocol), protocols())
	if e.Persistent && e.Protocol != "" && e.Protocol != ProtocolJSON {
		c.faultAtKey("evaluator.persistent", "only programs that speak the protocol json can answer more than once; remove this, or use json")
	}
	if e.Persistent && e.Stall > 0 {
		c.faultAtKey("evaluator.stall", "a persistent program may well be silent; use timeout, which holds for each answer")
	}
	c.companions()
	c.slurm()
	c.dakota()
	c.template()
	for name, value := range e.Env {
		path := child("evaluator.env", name)
		switch {
		case name == "" || strings.ContainsAny(name, "=\x00"):
			c.fault(path, "%q cannot be the name of an environment variable", clip(name))
		case strings.HasPrefix(name, "SBO_"):
			c.fault(path, "names that begin with SBO_ are set by sbo; choose another")
		case strings.Contains(value, "\x00"):
			c.fault(path, "the value of %s holds a NUL character, which no program can receive", name)
		}
	}
}

func protocols() []string {
	return []string{string(ProtocolJSON), string(ProtocolDakota), string(ProtocolTemplate)}
}

// command checks a program with its arguments, the list at section.
func (c checker) command(section string, argv []string) {
	if len(argv) == 0 {
		return // none is given, or an empty list that was told of
	}
	for i, arg := range argv {
		if strings.Contains(arg, "\x00") {
			c.fault(fmt.Sprintf("%s[%d]", section, i), "this holds a NUL character, which no program can receive")
		}
	}
	path, program := section+"[0]", argv[0]
	if !c.clean(path) {
		return
	}
	file := resolveProgram(c.plan.dir, program)
	_, err := exec.LookPath(file)
	info, statErr := os.Stat(file)
	switch {
	case program == "":
		c.fault(path, "the program has no name; write the one to run")
	case err == nil:
	case !strings.ContainsRune(program, '/') && isFile(filepath.Join(c.plan.dir, program)):
		c.fault(path, "the program %q is not in PATH; if the one beside the study is meant, write ./%s", clip(program), program)
	case file == program && !filepath.IsAbs(program):
		c.fault(path, "the program %q is not in PATH; install it, or give its path, as ./%s for one beside the study", clip(program), clip(program))
	case statErr == nil && info.IsDir():
		c.fault(path, "%s is a folder; name the program in it", clip(program))
	case errors.Is(statErr, fs.ErrNotExist):
		c.fault(path, "there is no program %s in %s; put it there, or mend the path", clip(program), c.plan.dirName())
	case statErr == nil && errors.Is(err, fs.ErrPermission):
		c.fault(path, "%s may not be run; allow it with `chmod +x %s`", clip(program), clip(program))
	default:
		c.fault(path, "the program %s cannot be run: %v", clip(program), errors.Join(err, statErr))
	}
}

// resolveProgram returns the file of a program: with a slash in its name it is
// relative to the folder of the study, without it is left to PATH.
func resolveProgram(dir, program string) string {
	if strings.ContainsRune(program, '/') && !filepath.IsAbs(program) {
		abs, err := filepath.Abs(filepath.Join(dir, program))
		if err == nil {
			return abs
		}
	}
	return program
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (p *Plan) dirName() string {
	if abs, err := filepath.Abs(p.dir); err == nil {
		return abs
	}
	return p.dir
}

// none reports what only a command can have; why says that there is none.
func (c checker) none(why string) {
	for _, key := range []string{"protocol", "executor", "slurm", "env", "persistent", "stall", "failures_in_a_row", "link_files", "copy_files", "dakota", "template"} {
		if path := child("evaluator", key); c.has(path) {
			c.faultAtKey(path, "%s is for a command, and %s; remove it", key, why)
		}
	}
}

// problem checks that there is such a test problem, and that variables and
// responses, which are matched to its own by position, are as many.
func (c checker) problem(name string) {
	c.none("this evaluator is a built-in problem")
	p, message := lookupProblem(name)
	if message != "" {
		c.fault("evaluator.problem", "%s", message)
		return
	}
	count := func(path string, have, want int, names []string) {
		if c.clean(path) && have != want {
			c.faultAtKey(path, "the problem %s has %d %s (%s), and the study has %d; they are matched by position, so list as many",
				name, want, path, strings.Join(names, ", "), have)
		}
	}
	var variables, responses []string
	for _, v := range p.Variables {
		variables = append(variables, v.Name)
	}
	for _, r := range p.Responses {
		responses = append(responses, r.Name)
	}
	count("variables", len(c.plan.Variables), p.NX(), variables)
	count("responses", len(c.plan.Responses), p.NY(), responses)
}

// settings checks what has names to choose from, and the numbers that must fit
// each other.
func (c checker) settings() {
	p := c.plan
	c.choice("design.sampler", p.Design.Sampler, doe.Names())
	if sampler, err := doe.Lookup(p.Design.Sampler); err == nil {
		if _, sobol := sampler.(doe.Sobol); sobol && len(p.Variables) > doe.SobolDimensions {
			c.fault("design.sampler", "the Sobol sequence has at most %d dimensions, and the study has %d variables; use lhs", doe.SobolDimensions, len(p.Variables))
		}
	}
	c.choice("surrogate.kind", p.Surrogate.Kind, texts(polish.Models()))
	c.choice("surrogate.activation", p.Surrogate.Activation, texts(surrogate.Activations()))
	c.choice("surrogate.trainer", p.Surrogate.Trainer, texts(surrogate.Trainers()))
	c.choice("optimize.method", p.Optimize.Method, texts(methods()))
	c.choice("polish.weighting", p.Polish.Weighting, weightings())
	c.layers()
	samples, budget := "design.samples", "budget.evaluations"
	if c.has(samples) && c.has(budget) && c.clean(samples) && c.clean(budget) && p.Design.Samples > p.Budget.Evaluations {
		c.fault(samples, "the design alone has %d evaluations, more than the budget of %d in line %d; lower the samples or raise the budget",
			p.Design.Samples, p.Budget.Evaluations, c.places[budget].Line)
	}
}

// maxWidth is the largest hidden layer of a study. A JENN has tens of neurons.
const maxWidth = 10_000

func methods() []optimize.Method { return []optimize.Method{optimize.LBFGS, optimize.BFGS} }

// The weightings of package polish.
const (
	NearOptimum = "near-optimum"
	NearFlat    = "near-flat"
	Unweighted  = "none"
)

func weightings() []string { return []string{NearOptimum, NearFlat, Unweighted} }

func texts[S ~string](values []S) []string {
	s := make([]string, 0, len(values))
	for _, v := range values {
		s = append(s, string(v))
	}
	return slices.Clip(s)
}
