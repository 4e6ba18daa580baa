package main

import (
	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of study files, for editors",
		Long: "Prints the JSON schema of study.yaml. With it in study.schema.json beside a study, and the\n" +
			"line \"# yaml-language-server: $schema=study.schema.json\" at its top, editors complete and check.",
		Example: "  sbo schema > study.schema.json",
		Args:    atMost(0),
		RunE: func(*cobra.Command, []string) error {
			a.printf("%s", study.Schema())
			return nil
		},
	}
}
