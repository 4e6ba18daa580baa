package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo/study"
	"github.com/spf13/cobra"
)

func (a *app) withdrawCommand() *cobra.Command {
	var why string
	c := &cobra.Command{
		Use:   "withdraw [DIR] ID... [flags]",
		Short: "Take back answers that were wrong",
		Long: "Takes back the answers to the evaluations with these numbers, as in 7 or 12-15, values or\n" +
			"failures, all of them or none; sbo history shows the numbers. The next sbo run begins with\n" +
			"the answers that remain. sbo tell may bring others. What was withdrawn is kept in the table\n" +
			"withdrawn of study.db.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var dirs []string
			if _, err := evaluationRange(args[0]); err != nil && len(args) > 1 {
				dirs, args = args[:1], args[1:]
			}
			var ids []int
			for _, text := range args {
				some, err := evaluationRange(text)
				if err != nil {
					return err
				}
				ids = append(ids, some...)
			}
			slices.Sort(ids)
			ids = slices.Compact(ids)
			return a.with(cmd.Context(), dirs, func(s *study.Study) error { return a.withdraw(cmd.Context(), s, ids, why) })
		},
	}
	c.Flags().StringVar(&why, "why", "", "the reason, for the record")
	return c
}

// longestRange is how many evaluations a range may have: more is a slip of the hand.
const longestRange = 1_000_000

// evaluationRange reads 7, or 12-15.
func evaluationRange(text string) ([]int, error) {
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	first, err := strconv.Atoi(from)
	last, also := strconv.Atoi(to)
	if err != nil || also != nil || first < 1 || last < first || last-first >= longestRange {
		return nil, usage("%q is no number of an evaluation, as 7, and no range, as 12-15", text)
	}
	var ids []int
	for id := first; id <= last; id++ {
		ids = append(ids, id)
	}
	return ids, nil
}

func (a *app) withdraw(ctx context.Context, s *study.Study, ids []int, why string) error {
	if err := s.Withdraw(ctx, ids, why); err != nil {
		return err
	}
	if a.json {
		return a.document(struct {
			Withdrawn []int `json:"withdrawn"`
		}{ids})
	}
	a.printf("%s withdrawn; the next run begins with the others\n", plural(len(ids), "answer"))
	return nil
}
