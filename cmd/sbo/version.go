package main

import (
	"runtime"
	"runtime/debug"

	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

// build is what is known of the build of this program.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version and how it was built",
		Args:  atMost(0),
		RunE:  func(*cobra.Command, []string) error { return a.version() },
	}
}

func (a *app) version() error {
	b := build{Version: study.Version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Revision = s.Value
			case "vcs.modified":
				b.Modified = s.Value == "true"
			}
		}
	}
	if a.json {
		return a.document(b)
	}
	a.printf("sbo %s (%s, %s/%s)\n", b.Version, b.Go, b.OS, b.Arch)
	if b.Revision != "" {
		state := ""
		if b.Modified {
			state = ", with changes"
		}
		a.printf("revision %s%s\n", b.Revision, state)
	}
	return nil
}
