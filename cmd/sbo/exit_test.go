package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study"
)

func TestExitCode(t *testing.T) {
	interrupted := &interruptedError{signal: syscall.SIGTERM}
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("disk full"), 1},
		{&study.HeldError{}, 1},
		{usage("what?"), 2},
		{fmt.Errorf("reading: %w", &study.ConfigError{}), 2},
		{&study.MismatchError{}, 2},
		{&study.NoAnswerError{IDs: []int{7}}, 2},
		{&study.FolderError{}, 1},
		{refused(&study.AnswersError{Faults: []error{errors.New("a.csv:2: no value")}}), 2},
		{refused(errors.Join(errors.New("disk full"), nil)), 1},
		{errInfeasible, 3},
		{errors.Join(&study.AllFailedError{}, errors.New("and the page")), 4},
		{fmt.Errorf("2 of 3: %w", errAudit), 5},
		{&interruptedError{signal: syscall.SIGINT}, 130},
		{errors.Join(errInfeasible, interrupted), 143},
		{said(usage("what?")), 2},
	} {
		require.Equal(t, c.want, exitCode(c.err), "%v", c.err)
	}
	require.ErrorIs(t, interrupted, context.Canceled, "libraries take it for what it is to them")
	require.Empty(t, explain(said(usage("what?"))))
	require.NoError(t, said(nil))
}

func TestVerdict(t *testing.T) {
	broken := errors.New("broken")
	feasible, not := &study.Result{Best: &study.Best{Feasible: true}}, &study.Result{Best: &study.Best{}}
	require.NoError(t, verdict(feasible, nil))
	require.ErrorIs(t, verdict(not, nil), errInfeasible)
	require.ErrorIs(t, verdict(&study.Result{}, nil), errInfeasible)
	require.Equal(t, broken, verdict(not, broken))
}
