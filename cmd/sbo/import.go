package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

func (a *app) importCommand() *cobra.Command {
	var rename []string
	var dry bool
	c := &cobra.Command{
		Use:   "import [DIR] FILE... [flags]",
		Short: "Give a study samples that were evaluated before or elsewhere",
		Long: "Reads samples from files and adds them to the study in the folder DIR, by default the current\n" +
			"one, all or, if one of them is at fault, none. A file is one of\n\n" +
			"  - CSV, with partials in the columns d<response>_d<variable>, as sbo export and sbo history\n" +
			"    --csv print it;\n" +
			"  - JSON lines, as sbo export and sbo history --json print them;\n" +
			"  - a tabular file of Dakota, annotated or free form;\n" +
			"  - what dakota_restart_util print prints, gradients included;\n" +
			"  - the database of another study (.sbo/study.db).\n\n" +
			"The study begins with these samples: each takes the place of a point of its design, and costs no\n" +
			"budget. Samples outside of the bounds are for training only. Points that have an answer are\n" +
			"recognized and left as they are.",
		Args: func(cmd *cobra.Command, args []string) error {
			if _, files := dirAndFiles(args); len(files) == 0 {
				return usage("%s: name a file", cmd.CommandPath()).hint("usage: %s", cmd.UseLine())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			names := map[string]string{}
			for _, r := range rename {
				from, to, ok := strings.Cut(r, "=")
				if !ok || from == "" || to == "" {
					return usage("--rename: %q is not a name in the file, =, and one in the study", r)
				}
				names[from] = to
			}
			dirs, files := dirAndFiles(args)
			return a.with(cmd.Context(), dirs, func(s *study.Study) error { return a.importFiles(cmd.Context(), s, files, names, dry) })
		},
	}
	c.Flags().StringSliceVar(&rename, "rename", nil, "what a name in the files is called in the study, as `obj_fn=drag`")
	c.Flags().BoolVar(&dry, "dry-run", false, "store nothing; say what would become of the samples")
	return c
}

func (a *app) importFiles(ctx context.Context, s *study.Study, files []string, rename map[string]string, dry bool) error {
	answers, err := a.answers(ctx, s, files, rename)
	if err != nil {
		return err
	}
	told, err := s.Import(ctx, answers, dry)
	if err != nil {
		return refused(err)
	}
	verb := "imported"
	if dry {
		verb = "would be imported"
	}
	return a.printTold(told, verb, dry)
}

// answers reads the answers in files.
func (a *app) answers(ctx context.Context, s *study.Study, files []string, rename map[string]string) ([]study.Answer, error) {
	r := study.Reader{Problem: s.Plan().Problem(), Rename: rename}
	var all []study.Answer
	var faults []error
	for _, name := range files {
		answers, err := a.answersIn(ctx, r, name)
		if all = append(all, answers...); err != nil {
			faults = append(faults, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		if exitCode(err) == exitFailed {
			return nil, usage("nothing was stored:\n%s", plain(err.Error()))
		}
		return nil, err
	}
	return all, nil
}

func (a *app) answersIn(ctx context.Context, r study.Reader, name string) ([]study.Answer, error) {
	in, err := a.open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(in)
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(text, []byte("SQLite format 3\x00")) {
		return r.ReadDatabase(ctx, name)
	}
	shown := name
	if name == "-" {
		shown = "standard input"
	}
	return r.Read(bytes.NewReader(text), shown)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
