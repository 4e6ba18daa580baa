package study

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Executor is where a command runs.
type Executor string

// The executors.
const (
	ExecutorLocal Executor = "local"
	ExecutorSlurm Executor = "slurm"
)

func executors() []string { return []string{string(ExecutorLocal), string(ExecutorSlurm)} }

// SlurmPlan is what the jobs of a study ask of Slurm. What is left out is as the
// cluster has it.
type SlurmPlan struct {
	// The partition, or several, as in short,long: the one that starts it first.
	Partition string `yaml:"partition,omitempty" json:"partition,omitempty"`
	// The time limit of a job, as 2h30m; Slurm counts in minutes, and this is rounded up. Default: timeout and a minute, if there is a timeout.
	Time Duration `yaml:"time,omitempty" json:"time,omitzero"`
	// How many CPUs the command uses (--cpus-per-task).
	CPUs int `yaml:"cpus,omitempty" json:"cpus,omitempty" jsonschema:"minimum=1"`
	// The memory of each node, as 800M or 16G (--mem).
	Memory string `yaml:"memory,omitempty" json:"memory,omitempty"`
	// The account that is charged.
	Account string `yaml:"account,omitempty" json:"account,omitempty"`
	// The quality of service.
	QOS string `yaml:"qos,omitempty" json:"qos,omitempty"`
	// The features that nodes must have, as in icelake&ib.
	Constraint string `yaml:"constraint,omitempty" json:"constraint,omitempty"`
	// Further options of sbatch, each as one entry, as in --nodes=2 or --gres=gpu:1.
	Options []string `yaml:"options,omitempty" json:"options,omitempty" jsonschema:"minItems=1"`
	// How often Slurm is asked for the states of jobs. Answers are noticed sooner. Default 10s.
	Poll Duration `yaml:"poll,omitempty" json:"poll,omitzero"`
	// How long a job that has ended without an answer is given the benefit of the doubt: the files of another machine may take a minute to show up. Default 90s.
	Grace Duration `yaml:"grace,omitempty" json:"grace,omitzero"`
}

// complete writes out the defaults, but for the time, which follows from the timeout.
func (p *SlurmPlan) complete() *SlurmPlan {
	whole := SlurmPlan{}
	if p != nil {
		whole = *p
	}
	setDefault(&whole.Poll, Duration(10*time.Second))
	// Clients of NFS believe for up to a minute what they know (acregmax of nfs(5)).
	setDefault(&whole.Grace, Duration(90*time.Second))
	return &whole
}

// timeMargin is how much longer than the timeout a job may take: Slurm's limit is for
// what has gone wrong with ours.
const timeMargin = time.Minute

// limit is the time limit of a job whose evaluation has the timeout; 0 is none.
func (p *SlurmPlan) limit(timeout time.Duration) time.Duration {
	limit := time.Duration(p.Time)
	if limit == 0 && timeout > 0 {
		limit = timeout + timeoutGrace + timeMargin
	}
	return (limit + time.Minute - 1).Truncate(time.Minute)
}

// arguments are the options of sbatch.
func (p *SlurmPlan) arguments(timeout time.Duration) []string {
	var list []string
	add := func(option, value string) {
		if value != "" {
			list = append(list, option+"="+value)
		}
	}
	add("--partition", p.Partition)
	if limit := p.limit(timeout); limit > 0 {
		add("--time", strconv.Itoa(int(limit.Minutes())))
	}
	if p.CPUs > 0 {
		add("--cpus-per-task", strconv.Itoa(p.CPUs))
	}
	add("--mem", p.Memory)
	add("--account", p.Account)
	add("--qos", p.QOS)
	add("--constraint", p.Constraint)
	return append(list, p.Options...)
}

// owned are the options of sbatch that are not for users, with the reason.
var owned = map[string]string{
	"array": "sbo makes the arrays", "parsable": "sbo reads the number of the job", "job-name": "jobs are found again by their names",
	"output": "what jobs print goes into the study's folder", "error": "what jobs print goes into the study's folder",
	"chdir": "every evaluation has a folder of its own", "wait": "sbo waits by itself", "wrap": "sbo writes the script",
	"test-only": "nothing would run", "requeue": "what is lost is tried again by sbo", "no-requeue": "it is set anyway",
	"clusters": "sbo uses the cluster that commands use by default", "open-mode": "what jobs print goes into the study's folder",
	"partition": "there is a key for it", "time": "there is a key for it", "cpus-per-task": "the key cpus is for it",
	"mem": "the key memory is for it", "account": "there is a key for it", "qos": "there is a key for it", "constraint": "there is a key for it",
}

var (
	longOption = regexp.MustCompile(`^--([a-z][a-z0-9-]*)(=|$)`)
	memorySize = regexp.MustCompile(`^[0-9]+[KMGT]?$`)
)

// slurm checks what is said about the executor.
func (c checker) slurm() {
	const section = "evaluator.slurm"
	e := c.plan.Evaluator
	c.choice("evaluator.executor", string(e.Executor), executors())
	if e.Executor != ExecutorSlurm {
		if c.has(section) && c.clean("evaluator.executor") {
			c.faultAtKey(section, "these are settings of the executor slurm, which this evaluator does not use; add `executor: slurm`, or remove them")
		}
		return
	}
	if e.Persistent {
		c.faultAtKey("evaluator.persistent", "with the executor slurm, every evaluation is a job of its own; remove this, or use the executor local")
	}
	p := e.Slurm
	if p == nil || !c.has(section) {
		return
	}
	at := func(key string) string { return child(section, key) }
	for key, text := range map[string]string{"partition": p.Partition, "account": p.Account, "qos": p.QOS, "constraint": p.Constraint} {
		if c.has(at(key)) && c.clean(at(key)) && (text == "" || strings.ContainsAny(text, " \t\n\r\x00")) {
			c.fault(at(key), "%q must be a text without blanks", clip(text))
		}
	}
	if c.has(at("memory")) && c.clean(at("memory")) && !memorySize.MatchString(p.Memory) {
		c.fault(at("memory"), "%q is no amount of memory; write a whole number and K, M, G or T, as in 800M or 16G", clip(p.Memory))
	}
	if timeout := time.Duration(e.Timeout); p.Time > 0 && timeout > time.Duration(p.Time) && c.clean(at("time")) {
		c.fault(at("time"), "a job of %v would end before the timeout of an evaluation, %v; raise this, lower that, or remove this: it then follows from the timeout",
			time.Duration(p.Time), timeout)
	}
	for i, option := range p.Options {
		c.slurmOption(fmt.Sprintf("%s[%d]", at("options"), i), option)
	}
}

// slurmOption checks a further option of sbatch.
func (c checker) slurmOption(path, option string) {
	if !c.clean(path) {
		return
	}
	m := longOption.FindStringSubmatch(option)
	if m == nil || strings.ContainsAny(option, "\n\r\x00") {
		c.fault(path, "%q is not written as sbo passes it on; use the long form with an equals sign, as in --nodes=2", clip(option))
		return
	}
	name := m[1]
	if why, reserved := owned[name]; reserved {
		c.fault(path, "--%s cannot be among the options: %s", name, why)
	}
	if i := slices.IndexFunc(c.plan.Evaluator.Slurm.Options, func(o string) bool {
		other := longOption.FindStringSubmatch(o)
		return other != nil && other[1] == name
	}); path != fmt.Sprintf("evaluator.slurm.options[%d]", i) {
		c.fault(path, "--%s is here twice; keep one", name)
	}
}
