package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

func (a *app) exportCommand() *cobra.Command {
	var format, output string
	c := &cobra.Command{
		Use:   "export [DIR] [-o FILE] [flags]",
		Short: "Write everything a study knows to a file: CSV, JSON lines or SQLite",
		Long: "Writes every evaluation of the study in the folder DIR, with partials and failures, to a file or\n" +
			"to standard output. sbo import reads all of these forms, and gets the same numbers, to the bit.",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format == "" {
				format = formatOf(output)
			}
			return a.with(cmd.Context(), args, func(s *study.Study) error { return a.export(cmd.Context(), s, format, output) })
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "-", "the `file` to write; its ending tells the format")
	c.Flags().StringVar(&format, "format", "", "`csv|jsonl|sqlite` (default: by the ending of the file, or csv)")
	return c
}

// formatOf returns the format that a name stands for.
func formatOf(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jsonl", ".ndjson", ".json":
		return "jsonl"
	case ".db", ".sqlite", ".sqlite3":
		return "sqlite"
	}
	return "csv"
}

func (a *app) export(ctx context.Context, s *study.Study, format, output string) error {
	if a.json {
		format = "jsonl"
	}
	write := func(w io.Writer) error { return s.Export(ctx, w, study.Format(format)) }
	switch {
	case format != "csv" && format != "jsonl" && format != "sqlite":
		return usage("there is no format %q%s", format, didYouMean(format, []string{"csv", "jsonl", "sqlite"})).hint("choose one of csv, jsonl, sqlite")
	case format == "sqlite" && output == "-":
		return usage("a database needs a file: give it with -o")
	case format == "sqlite":
		if err := s.ExportDatabase(ctx, output); err != nil {
			return err
		}
	case output == "-":
		return write(a.out)
	default:
		if err := create(output, write); err != nil {
			return err
		}
	}
	a.notef("%s holds what the study knows; sbo import reads it", output)
	return nil
}
