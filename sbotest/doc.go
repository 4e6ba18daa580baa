// Package sbotest checks that an implementation keeps the rules of the interface
// it implements: for the tests of sbo itself, and for everyone who brings an
// evaluator or a sampler of their own.
//
// An [sbo.Evaluator] has to keep a handful of rules that the compiler cannot
// see: fill its destinations wholly, leave x alone, answer the same question the
// same way, be usable from several goroutines, stop when its context ends, and
// above all have partials that are those of its responses. A test of it is one
// call:
//
//	func TestEvaluator(t *testing.T) {
//		err := sbotest.CheckEvaluator(t.Context(), evaluator, problem, sbo.Rand(1, "check"), sbotest.Options{})
//		if err != nil {
//			t.Error(err)
//		}
//	}
//
// The error names every rule that is broken, with the point where it was seen.
// Run such a test with -race too: some ways of not being usable from several
// goroutines are visible to the race detector only.
//
// [CheckSampler] does the same for a design of experiments.
package sbotest
