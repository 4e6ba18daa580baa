package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/sbo-go/sbo/study"
)

// What the process says by its exit code.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2 // or configuration; nothing was run
	exitInfeasible  = 3 // no feasible point was found
	exitAllFailed   = 4 // every evaluation failed, or many in a row alike
	exitAudit       = 5 // the audit of partials failed
	exitAwaiting    = 6 // answers are awaited, and there is nothing else to do
	exitInterrupted = 128
)

var (
	// errInfeasible is the end without a feasible point.
	errInfeasible = errors.New("no feasible point was found")
	// errAudit is the end of an audit that found wrong partials.
	errAudit = errors.New("the partials are wrong")
	// errAwaiting is the end of what can be done before more answers are told.
	errAwaiting = errors.New("waiting for answers")
	// errSaid goes with an error that the command has told on its own.
	errSaid = errors.New("told already")
)

// verdict is the error that a result amounts to; nil for a good one.
func verdict(r *study.Result, err error) error {
	if err == nil && r.Stopped == study.Unanswered {
		return errAwaiting
	}
	if err == nil && (r.Best == nil || !r.Best.Feasible) {
		return errInfeasible
	}
	return err
}

// exitCode is the one place where the exit code is decided. What is not an error
// by nature, an infeasible result or partials that are wrong, is one here.
func exitCode(err error) int {
	var (
		interrupted *interruptedError
		used        *usageError
		configured  *study.ConfigError
		mismatched  *study.MismatchError
		unanswered  *study.NoAnswerError
		allFailed   *study.AllFailedError
		failing     *study.FailingError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &interrupted):
		return exitInterrupted + int(interrupted.signal)
	case errors.As(err, &used), errors.As(err, &configured), errors.As(err, &mismatched), errors.As(err, &unanswered):
		return exitUsage
	case errors.As(err, &allFailed), errors.As(err, &failing):
		return exitAllFailed
	case errors.Is(err, errInfeasible):
		return exitInfeasible
	case errors.Is(err, errAudit):
		return exitAudit
	case errors.Is(err, errAwaiting):
		return exitAwaiting
	}
	return exitFailed
}

// end says on standard error what went wrong, and returns the exit code.
func (a *app) end(err error) int {
	if text := explain(err); text != "" {
		a.warnf("%s", text)
	}
	return exitCode(err)
}

// explain words an error for the one who typed the command; empty if all has been
// said already.
func explain(err error) string {
	var (
		interrupted *interruptedError
		configured  *study.ConfigError
	)
	switch {
	case err == nil, errors.Is(err, errSaid):
		return ""
	case errors.As(err, &interrupted):
		return interrupted.Error()
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.As(err, &configured) && len(configured.Faults) == 1 && configured.Faults[0].Line == 0:
		return configured.Error() // there is no file, or it cannot be read
	case errors.As(err, &configured):
		return fmt.Sprintf("the study file has %s, nothing was run:\n%s", plural(len(configured.Faults), "fault"), configured.Excerpt())
	}
	return plain(err.Error())
}

// plain removes the names of packages from a message: they are of no use to the
// one who typed the command.
func plain(text string) string {
	return regexp.MustCompile(`(?m)^(study|surrogate|optimize|polish|doe|problems|airfoil|report|sbo): `).ReplaceAllString(text, "")
}

// said marks an error as one that needs no words any more.
func said(err error) error {
	if err == nil {
		return nil
	}
	return errors.Join(err, errSaid)
}
