package study

import (
	"context"
	"os"
	"time"
)

// The programs that run in front of and behind the command of an attempt, as they
// are called in what is said of them.
const (
	inputFilter  = "input filter"
	outputFilter = "output filter"
)

// filter is one of them.
type filter struct {
	Name    string   `json:"name"`
	Command []string `json:"command"` // the program as a path, and its arguments
}

// of says which program it was that ended so, in words to be added to what it did.
func (e exit) of() string {
	if e.Of == "" {
		return ""
	}
	return " (the " + e.Of + ")"
}

// chain runs the programs of an attempt one after the other: the filters in front, the
// command, the filters behind. It ends with the first that does not end by itself or
// ends with failCode; other exit codes are left to who reads the answer, and the first
// of them is that of the chain, as with a driver that calls the filters on its own. The
// time-out is for all of them together.
func (a attempt) chain(ctx context.Context, s spec, stdin, stdout, stderr *os.File) (exit, error) {
	if len(s.Before)+len(s.After) == 0 {
		return a.execute(ctx, s, stdin, stdout, stderr)
	}
	steps := append(append(append([]filter{}, s.Before...), filter{Command: s.Command}), s.After...)
	started := time.Now()
	var all exit
	for _, step := range steps {
		one := s
		if one.Command = step.Command; s.Timeout > 0 {
			one.Timeout = max(s.Timeout-time.Since(started), time.Millisecond)
		}
		e, err := a.execute(ctx, one, stdin, stdout, stderr)
		if err != nil {
			return exit{}, err
		}
		e.Of = step.Name
		over := e.Signal != "" || e.TimedOut || e.Stalled || e.Interrupted || e.Unstarted != "" || e.Code == failCode
		e.MaxRSS, e.Seconds = max(e.MaxRSS, all.MaxRSS), time.Since(started).Seconds()
		switch {
		case over:
		case all.Code != 0:
			e.Code, e.Of = all.Code, all.Of
		case e.Code == 0:
			e.Of = ""
		}
		if all = e; over {
			break
		}
	}
	return all, nil
}
