package main

import (
	"errors"

	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

// attemptCommand is what sbo run starts for every attempt at an evaluation by an
// external program: a process that watches over it and outlives the run. Nobody
// types it.
func (a *app) attemptCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "attempt DIR",
		Hidden: true,
		Args:   oneTo(1, "the folder of the attempt"),
		RunE: func(_ *cobra.Command, args []string) error {
			if study.RunAttempt(args[0]) != 0 {
				return said(errors.New("the attempt could not be recorded"))
			}
			return nil
		},
	}
}
