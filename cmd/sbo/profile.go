package main

import (
	"errors"
	"os"

	"github.com/pkg/profile"
)

// startProfile begins the profile that --profile asks for, in the current folder.
func (a *app) startProfile() error {
	var mode func(*profile.Profile)
	var file, tool string
	switch a.profile {
	case "":
		return nil
	case "cpu":
		mode, file, tool = profile.CPUProfile, "cpu.pprof", "go tool pprof"
	case "mem":
		mode, file, tool = profile.MemProfile, "mem.pprof", "go tool pprof"
	case "trace":
		mode, file, tool = profile.TraceProfile, "trace.out", "go tool trace"
	default:
		return usage("--profile is cpu, mem or trace, not %q", a.profile)
	}
	// The package ends the process if it cannot write; a look first gives a
	// better message.
	f, err := os.Create(file)
	if err != nil {
		return usage("cannot write the profile %s: %v", file, errors.Unwrap(err)).hint("it goes into the current folder")
	}
	if err := f.Close(); err != nil {
		return err
	}
	// Without its own hook for signals, which would end the process with exit code 0.
	p := profile.Start(mode, profile.ProfilePath("."), profile.NoShutdownHook, profile.Quiet)
	a.stopProfile = func() {
		p.Stop()
		a.warnf("the profile is in %s; look at it with: %s %s", file, tool, file)
	}
	return nil
}
