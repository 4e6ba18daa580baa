package main

import (
	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

func (a *app) initCommand() *cobra.Command {
	var from string
	c := &cobra.Command{
		Use:   "init [DIR] [--from NAME]",
		Short: "Write a study that runs as it is",
		Long: "Writes a study that runs as it is into the folder DIR, by default the current one.\n" +
			"NAME is external, for a study with a program of its own, or a built-in problem\n" +
			"(sbo problems lists them). Nothing that is there is overwritten.",
		Example: "  sbo init can --from external\n  sbo run can",
		Args:    atMost(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.init(folderOf(args), from) },
	}
	c.Flags().StringVar(&from, "from", "rosenbrock", "what to begin from: external, or a built-in problem, as `NAME`")
	a.complete(c, "from", study.Starters())
	return c
}

func (a *app) init(dir, from string) error {
	files, err := study.Init(dir, from)
	if err != nil {
		if len(files) > 0 {
			return err
		}
		return usage("%s", plain(err.Error()))
	}
	if a.json {
		return a.document(map[string]any{"dir": dir, "files": files})
	}
	for _, f := range files {
		a.printf("%s\n", f)
	}
	a.notef("next: sbo check %s, then sbo run %s", dir, dir)
	return nil
}
