package study

import "runtime/debug"

// linked is the version the linker was told: -ldflags "-X github.com/sbo-go/sbo/study.linked=v1.2.3".
var linked string

// Version is the version of sbo: what the linker was told, else what the Go tool
// recorded, else "(devel)". It is stored with every plan.
var Version = version()

func version() string {
	if linked != "" {
		return linked
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	const module = "github.com/sbo-go/sbo"
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == module && m.Version != "" {
			return m.Version
		}
	}
	return "(devel)"
}
