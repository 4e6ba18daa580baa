package study

// language is how a program is asked and how it answers: one of the protocols.
type language interface {
	// ask writes what the program is asked into the folder s.Dir, which exists, and
	// completes what is to be run. request.json is there for all protocols.
	ask(a attempt, x []float64, s *spec) error
	// read finds what a program that ended by itself, in time and with the exit
	// code of e, has answered. Its error is about files that cannot be read at all.
	read(a attempt, e exit) (reading, error)
}

// reading is what an answer amounts to.
type reading struct {
	y, partials []float64 // NY responses and NY*NX partials, NaN where one is missing
	note        string    // on what was odd but harmless
	failed      string    // why there is nothing; empty if there is
}

// newLanguage returns the language of a plan, whose files are in the folder dir.
func newLanguage(plan *Plan, dir string) (language, error) {
	switch plan.Evaluator.Protocol {
	case ProtocolDakota:
		return newDakota(plan, dir)
	case ProtocolTemplate:
		return newTemplate(plan, dir)
	case ProtocolJSON:
	}
	return inJSON{plan.Problem(), plan.Evaluator.Persistent}, nil
}
