// Package study runs an optimization from a file: the plan is study.yaml, the
// answers of the simulation are in a database beside it, and the evaluations run
// on workers.
//
// # The study file
//
// A study is a folder with a study.yaml in it. Three sections are required: the
// variables with their bounds, the responses with what is wanted of them, and
// who evaluates them.
//
//	variables:
//	  - {name: radius, lower: 2, upper: 6, unit: cm}
//	  - {name: height, lower: 4, upper: 16, unit: cm}
//	responses:
//	  - {name: area, minimize: true, partials: true}
//	  - {name: volume, lower: 330}
//	  - {name: mass}
//	evaluator:
//	  command: ["./drive.sh"]
//
// Exactly one response is minimized or maximized. A response with lower, upper
// or both, or with equals, is a constraint; any other is only recorded. The
// evaluator is a command, or a built-in problem (problem: rosenbrock) whose
// variables and responses are matched by position, so that names and bounds are
// the user's own. [Init] writes such a file, and [Plan] explains every key.
//
// [LoadPlan] reads it. It accepts no unknown keys and guesses nothing; what is
// wrong is a [*ConfigError] that lists every fault with its line and column and
// says what to do. Numbers are those of YAML 1.2 in decimal notation, so that
// 1e-3 is a number and 010 is ten. Tags and merge keys are refused; anchors and
// aliases work. A loaded plan holds every default explicitly: [Plan.YAML] prints
// what will really run. [Schema] is the same grammar for editors.
package study
