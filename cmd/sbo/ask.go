package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

type askOptions struct {
	study.AskOptions
	points int
	wait   time.Duration
}

func (a *app) askCommand() *cobra.Command {
	var o askOptions
	c := &cobra.Command{
		Use:   "ask [DIR] [-n N] [flags]",
		Short: "Ask a study which points to evaluate next, for somebody else to do it",
		Long: "Prints the points that the study in the folder DIR wants to know next, as CSV or, with --json,\n" +
			"one request a line as a program with the protocol json gets it. Evaluate them by whatever\n" +
			"means, and bring the answers with sbo tell. It is sbo run with nobody there to answer, and comes\n" +
			"to the same result; it also works while sbo run is at work.\n\n" +
			"The same points are given until they are answered, and more of them with a larger -n, up to\n" +
			"the rest of the design or of a round (polish.batch). What one asker was given (--as) no other is,\n" +
			"unless it takes long (--take-over). At the end of the study nothing is printed, with exit code 0;\n" +
			"exit code 6 says that answers of others have to come first.",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.points < 1 {
				return usage("-n must be more than 0")
			}
			l := a.live() // of what changed, and of the training between two rounds
			s, err := a.openStudy(cmd.Context(), folderOf(args), study.Options{Progress: func(e study.Event) {
				if e.Kind == study.EventChanged || e.Kind == study.EventDoubt || e.Kind == study.EventFit {
					l.event(e)
				}
			}})
			if err != nil {
				return err
			}
			l.problem = s.Plan().Problem()
			err = a.ask(cmd.Context(), s, o)
			l.bar.end()
			return errors.Join(err, s.Close())
		},
	}
	c.Flags().IntVarP(&o.points, "points", "n", 1, "how many points to give at most")
	c.Flags().StringVar(&o.As, "as", "", "who asks, a `name` as of a machine or job; others get other points")
	c.Flags().DurationVar(&o.TakeOver, "take-over", 0, "give points, too, that others have had for longer than this, as 8h")
	c.Flags().DurationVar(&o.wait, "wait", time.Second, "how long to wait for points if others are at work, as 10m")
	return c
}

// askAgain is how often a study is asked while others are at work.
const askAgain = 200 * time.Millisecond

func (a *app) ask(ctx context.Context, s *study.Study, o askOptions) error {
	began := time.Now()
	asked, err := s.Ask(ctx, o.points, o.AskOptions)
	for err == nil && len(asked.Questions) == 0 && asked.Result == nil && time.Since(began) < o.wait && (asked.Busy || o.wait > time.Second) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(askAgain):
		}
		asked, err = s.Ask(ctx, o.points, o.AskOptions)
	}
	switch {
	case err != nil:
		return err
	case asked.Result != nil:
		a.notef("there is nothing left to ask: %s", asked.Result.Why)
		return verdict(asked.Result, nil)
	case len(asked.Questions) == 0 && asked.Awaited > 0:
		return fmt.Errorf("%w: others have been given the %s that the study waits for", errAwaiting, plural(asked.Awaited, "point"))
	case len(asked.Questions) == 0:
		return fmt.Errorf("%w: another process is at work on the study; ask again in a moment", errAwaiting)
	}
	p := s.Plan().Problem()
	if a.json {
		for _, q := range asked.Questions {
			if err := a.line(newQuestionDocument(p, q)); err != nil {
				return err
			}
		}
		return nil
	}
	out := csv.NewWriter(a.out)
	err = out.Write(append([]string{"id"}, p.VariableNames()...))
	for _, q := range asked.Questions {
		record := []string{itoa(q.ID)}
		for _, v := range q.X {
			record = append(record, long(v))
		}
		err = errors.Join(err, out.Write(record))
	}
	out.Flush()
	return cmp.Or(err, out.Error())
}

// questionDocument is a request in JSON, as programs with the protocol json get it.
type questionDocument struct {
	ID   int   `json:"id"`
	X    pairs `json:"x"`
	Want wants `json:"want"`
}

func newQuestionDocument(p sbo.Problem, q study.Question) questionDocument {
	return questionDocument{q.ID, named(p.VariableNames(), q.X), wants{p.ResponseNames(), p.NX(), q.Want}}
}

// wants says, for each response, whether its partials are wanted besides the value.
type wants struct {
	names []string
	nx    int
	mask  []bool
}

// MarshalJSON writes the object.
func (w wants) MarshalJSON() ([]byte, error) {
	return object(w.names, func(k int) ([]byte, error) {
		for _, partial := range w.mask[k*w.nx : (k+1)*w.nx] {
			if partial {
				return []byte(`["value","partials"]`), nil
			}
		}
		return []byte(`["value"]`), nil
	})
}

func (a *app) tellCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "tell [DIR] [FILE] [flags]",
		Short: "Tell a study the answers at points that were asked for, or at any others",
		Long: "Reads answers from FILE, or else from standard input, and stores them all or, if one of them\n" +
			"is at fault, none. They are one of\n\n" +
			"  - CSV: the columns that sbo ask printed (id is enough), the responses, partials as\n" +
			"    d<response>_d<variable>, and failed, the cause of a failure; rows without an answer\n" +
			"    are passed over;\n" +
			"  - JSON, an object a line: {\"id\": 7, \"values\": {\"cd\": 0.01}, \"partials\": {\"cd\": {\"alpha\": 2}}}\n" +
			"    or {\"id\": 7, \"failed\": \"why\"}; \"x\" may stand for \"id\".\n\n" +
			"It works while sbo run or others are at work; the first answer to a point counts. Answers at\n" +
			"points that nobody asked for are data for the study all the same, as by sbo import.",
		Args: atMost(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			dirs, files := dirAndFiles(args)
			if len(files) == 0 {
				files = []string{"-"}
				if isTerminal(a.in) {
					a.notef("reading answers from standard input, to its end (Ctrl-D)")
				}
			}
			return a.with(cmd.Context(), dirs, func(s *study.Study) error { return a.tell(cmd.Context(), s, files) })
		},
	}
}

// dirAndFiles tells the folder of a study, if the first argument is one, from files.
func dirAndFiles(args []string) (dirs, files []string) {
	if len(args) > 0 && (isFolder(args[0]) || !exists(args[0]) && args[0] != "-" && len(args) > 1) {
		return args[:1], args[1:]
	}
	return nil, args
}

func (a *app) tell(ctx context.Context, s *study.Study, files []string) error {
	answers, err := a.answers(ctx, s, files, nil)
	if err != nil {
		return err
	}
	told, err := s.Tell(ctx, answers)
	if err != nil {
		return refused(err)
	}
	return a.printTold(told, "told", false)
}

// refused marks an error as one of the user's input, unless the store is at fault.
func refused(err error) error {
	if _, faulty := errors.AsType[*study.AnswersError](err); faulty {
		return usage("nothing was stored:\n%s", plain(err.Error()))
	}
	return err
}

// toldDocument is what tell --json and import --json print.
type toldDocument struct {
	Answers  int   `json:"answers"`
	Answered int   `json:"answered"`
	Added    int   `json:"added"`
	Outside  int   `json:"outside"`
	Known    int   `json:"known"`
	Failed   int   `json:"failed"`
	IDs      []int `json:"ids"`
	DryRun   bool  `json:"dry_run,omitempty"`
}

func (a *app) printTold(t study.Told, verb string, dry bool) error {
	if a.json {
		return a.document(toldDocument{len(t.IDs), t.Answered, t.Added, t.Outside, t.Known, t.Failed, t.IDs, dry})
	}
	var parts []string
	part := func(n int, format string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf(format, n))
		}
	}
	part(t.Answered, "%d at points that were asked for")
	part(t.Added, "%d at others")
	part(t.Outside, "of these %d outside of the bounds, for training only")
	part(t.Known, "%d that were known already and stay as they were")
	part(t.Failed, "%d failures among them")
	a.printf("%s %s: %s\n", plural(len(t.IDs), "answer"), verb, strings.Join(parts, ", "))
	return nil
}
