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
//
// # Running
//
// [Study.Run] evaluates the design, then lets package polish find and check better
// points. Everything it writes goes into the folder .sbo beside the study file:
//
//	study.db   every point asked, every attempt at it, every answer (SQLite)
//	evals/     a folder per attempt, with what the program was asked and printed
//	models/    the fitted networks
//	workers/   a folder per process of a persistent program
//	slurm/     a folder per submission, if jobs of Slurm evaluate
//	lock       held by the process that runs the study
//
// The course of a study is a function of its plan and its answers, and every
// answer is on disk before it is used. So resuming is running again: points that
// have an answer are not evaluated, and the run comes to the same result, to the
// bit, as one that was never interrupted, with any number of workers. All but
// study.db may be deleted; it is only made again. The view samples in study.db has
// a column per variable, response and declared partial, for SQL and data frames.
//
// An attempt at an evaluation runs in a process of its own if [Options.Shim] says
// how to start one. That process ([RunAttempt]) outlives the run: killed at any
// moment and started again, a run finds the attempts that still work or have ended
// meanwhile, and starts none twice. An interrupt through the context ends them.
//
// With the executor slurm, attempts are tasks of job arrays on a cluster instead, and
// an interrupt leaves them in its queue for the next run; what nobody needs any more is
// canceled. [Study.Cluster] checks whether the cluster would take them.
//
// A program is spoken with in one of three protocols: json, in lines of JSON, once or
// again and again (persistent); dakota, by the files of Dakota's fork interface; and
// template, by input files made from templates and numbers found in outputs.
// [Study.Try] evaluates points without a trace, and [Study.Conform] tries whether a
// program does what studies count on.
//
// A program that fails, crashes, times out or answers nonsense is a failed
// evaluation: tried again as often as the plan says, then remembered with its
// cause, unless many in a row fail alike ([FailingError]). A program that cannot be started at all, a
// database that is not ours, or a folder that is gone, read-only or on a full disk
// ([FolderError]) stop the run instead, and nothing is remembered of them.
//
// Somebody else may evaluate: [Study.Ask] is a run with nobody there to answer, which
// gives the points that come next, and [Study.Tell] brings the answers, also beside a
// run. [Study.Import] adds samples from elsewhere, with which the course then begins.
// [Study.Withdraw] takes back answers that were wrong, and it begins without them.
// When bounds, limits or settings change, it begins with all the answers there are:
// what it begins with is fixed for each plan, so that resuming comes to the same.
//
// [Study.History] and [Study.Status] read what is stored, also while another
// process runs the study, and [Study.Replay] goes through its course without
// evaluating anything.
package study
