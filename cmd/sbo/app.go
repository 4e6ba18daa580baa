package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// app is what the commands share: where they read and write, and the flags that
// all of them take.
type app struct {
	in       io.Reader
	out      *bufio.Writer
	err      io.Writer
	screen   io.Writer // behind out
	terminal bool      // err is a terminal, so that progress may be drawn on it

	json    bool
	quiet   bool
	profile string

	stopProfile func() // nil if none was begun
}

// run runs one command line and returns the exit code of the process.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := withSignals(ctx)
	defer stop()
	buffered := bufio.NewWriter(out)
	a := &app{in: in, out: buffered, err: errs, screen: out, terminal: isTerminal(errs)}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(buffered)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if a.stopProfile != nil {
		a.stopProfile()
	}
	if flushed := buffered.Flush(); flushed != nil {
		err = errors.Join(err, fmt.Errorf("cannot write the output: %w", flushed))
	}
	if err != nil && ctx.Err() != nil {
		err = errors.Join(err, context.Cause(ctx)) // however the command put it
	}
	return a.end(err)
}

// isTerminal reports whether a reader or writer is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// root is the command sbo itself.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:               "sbo",
		Short:             "Find the best design of a simulation that takes too long to be asked often",
		SilenceErrors:     true, // end says it
		SilenceUsage:      true,
		Args:              cobra.ArbitraryArgs,
		RunE:              noCommand,
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.startProfile() },
	}
	root.CompletionOptions.DisableDefaultCmd = true // completion.go has it
	root.SetFlagErrorFunc(flagError)
	flags := root.PersistentFlags()
	flags.BoolVar(&a.json, "json", false, "print JSON instead of text")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print results, warnings and errors only")
	flags.StringVar(&a.profile, "profile", "", "profile sbo itself: `cpu|mem|trace`")
	a.add(root, "study", "A study:",
		a.initCommand(), a.checkCommand(), a.runCommand(), a.statusCommand(), a.bestCommand(), a.historyCommand(), a.reportCommand(),
		a.askCommand(), a.tellCommand(), a.withdrawCommand(), a.importCommand(), a.exportCommand(), a.watchCommand())
	a.add(root, "parts", "Its parts, alone:",
		a.designCommand(), a.fitCommand(), a.predictCommand(), a.minimizeCommand(), a.problemsCommand(), a.airfoilCommand())
	a.add(root, "about", "About sbo:",
		a.benchCommand(), a.schemaCommand(), a.versionCommand(), a.completionCommand())
	root.SetHelpCommandGroupID("about")
	root.AddCommand(a.attemptCommand())
	return root
}

// add adds commands as a group of the help.
func (a *app) add(root *cobra.Command, id, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: id, Title: title})
	for _, c := range commands {
		c.GroupID = id
		c.DisableFlagsInUseLine = true
		root.AddCommand(c)
	}
}

// printf writes to standard output.
func (a *app) printf(format string, args ...any) {
	_, _ = fmt.Fprintf(a.out, format, args...) // an error stays with the buffer, and is found at its Flush
}

// notef writes a remark to standard error, unless all shall be quiet.
func (a *app) notef(format string, args ...any) {
	if !a.quiet {
		a.warnf(format, args...)
	}
}

// warnf writes to standard error what must be seen.
func (a *app) warnf(format string, args ...any) {
	_, _ = fmt.Fprintf(a.err, "sbo: "+format+"\n", args...) // nowhere is left to say that it failed
}

// document writes one JSON document to standard output.
func (a *app) document(v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write JSON: %w", err)
	}
	a.printf("%s\n", text)
	return nil
}

// line writes one JSON document as a line of standard output.
func (a *app) line(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("cannot write JSON: %w", err)
	}
	a.printf("%s\n", text)
	return nil
}

// parallel is how many things are done at a time inside this process.
func parallel() int { return runtime.GOMAXPROCS(0) }
