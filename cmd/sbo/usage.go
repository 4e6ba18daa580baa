package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/sbo-go/sbo"
	"github.com/spf13/cobra"
)

// usageError is a command line that cannot be carried out.
type usageError struct{ text, advice string }

func (e *usageError) Error() string {
	if e.advice == "" {
		return e.text
	}
	return e.text + "\n     " + e.advice
}

func usage(format string, args ...any) *usageError {
	return &usageError{text: fmt.Sprintf(format, args...)}
}

// hint adds what to do about it.
func (e *usageError) hint(format string, args ...any) *usageError {
	return &usageError{text: e.text, advice: fmt.Sprintf(format, args...)}
}

// didYouMean suggests the nearest of the names.
func didYouMean(name string, names []string) string {
	if nearest := sbo.Nearest(name, names); nearest != "" {
		return fmt.Sprintf(", did you mean %s?", nearest)
	}
	return ""
}

// noCommand is sbo without a command, or with one that does not exist.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usage("there is no command %q%s", args[0], didYouMean(args[0], names)).hint("sbo -h lists the commands")
}

// flagError rewords what is wrong with a flag, and suggests the nearest one.
func flagError(cmd *cobra.Command, err error) error {
	text := err.Error()
	if name, unknown := strings.CutPrefix(text, "unknown flag: "); unknown {
		names := regexp.MustCompile(`--[a-z-]+`).FindAllString(cmd.Flags().FlagUsages(), -1)
		text = fmt.Sprintf("%s has no flag %s%s", cmd.CommandPath(), name, didYouMean(name, names))
	}
	if m := regexp.MustCompile(`^invalid argument (".*") for ".*--([a-z-]+)" flag: `).FindStringSubmatch(text); m != nil {
		kinds := map[string]string{
			"int": "a whole number", "uint64": "a whole number from 0 on", "float64": "a number",
			"duration": "a time, as 90s, 30m or 8h",
		}
		text = fmt.Sprintf("--%s: %s is not %s", m[2], m[1], cmp.Or(kinds[cmd.Flags().Lookup(m[2]).Value.Type()], "what it takes"))
	}
	return usage("%s", text).hint("%s -h lists the flags", cmd.CommandPath())
}

// atMost accepts up to n arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage("%s: there is one argument too many, %q", cmd.CommandPath(), args[n]).hint("usage: %s", cmd.UseLine())
		}
		return nil
	}
}

// oneTo accepts from one to n arguments; what says what the first one is.
func oneTo(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("%s: name %s", cmd.CommandPath(), what).hint("usage: %s", cmd.UseLine())
		}
		return atMost(n)(cmd, args)
	}
}

// folderOf returns the folder of the study that the arguments name: the first, or
// the current one.
func folderOf(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

// open opens a file that the user named, or standard input for "-". What ends in
// .gz is read uncompressed.
func (a *app) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.in), nil
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("there is no file %s", name)
	case err == nil && info.IsDir():
		return nil, usage("%s is a folder, and a file is wanted", name)
	}
	f, err := os.Open(name)
	if err != nil || !strings.HasSuffix(name, ".gz") {
		return f, err
	}
	return newUnzipped(f, name)
}

// create writes a file that the user named: whole, or not at all.
func create(name string, write func(io.Writer) error) error {
	temporary := name + ".tmp"
	f, err := os.Create(temporary)
	if err != nil {
		return usage("cannot write %s: %v", name, errors.Unwrap(err))
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = os.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}
