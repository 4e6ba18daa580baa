package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/sbo-go/sbo/study"
)

// Text writes the result as a block of plain text, at most about 100 columns wide
// but for long names. The error is that of w.
func Text(w io.Writer, r *study.Result) error {
	var out bytes.Buffer
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(&out, format+"\n", args...) }
	line("%s %s", or(r.Problem.Name, "study"), headline(r))
	if r.Best != nil {
		bestText(&out, r)
	}
	if list := prices(r); len(list) > 0 {
		line("\nWhat the active limits cost (to first order)")
		for _, p := range list {
			line("%s", wrap(p.Meaning))
		}
	}
	line("\nCertificate\n%s", wrap(certificate(r)))
	line("\nWhy it stopped\n%s", wrap(or(r.Why, "It has not ended.")))
	line("\nEvaluations\n  %s", countsText(r))
	for _, f := range failuresOf(r) {
		line("%s", wrap(fmt.Sprintf("failed %s: %s (first: evaluation %d)", times(f.Count), firstLine(f.Cause), f.First.ID)))
	}
	s := r.Seconds
	line("  time: evaluations %s, training %s, optimizing %s; seed %d, sbo %s", seconds(s.Evaluate), seconds(s.Fit), seconds(s.Optimize), r.Seed, r.Version)
	if list := next(r); len(list) > 0 {
		line("\nNext")
		for _, advice := range list {
			line("%s", wrap(advice))
		}
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// bestText writes the best point: a line per variable and response.
func bestText(out *bytes.Buffer, r *study.Result) {
	b := r.Best
	feasible := "feasible"
	if !b.Feasible {
		feasible = "NOT feasible, violation " + brief(b.Violation)
	}
	_, _ = fmt.Fprintf(out, "\nBest point (evaluation %d, %s)\n", b.ID, feasible)
	var rows [][]string
	at := func(list []float64, i int) float64 {
		if i < len(list) {
			return list[i]
		}
		return 0
	}
	for j, v := range r.Problem.Variables {
		rows = append(rows, []string{
			v.Name, number(b.X[j]), v.Unit, number(v.Lower) + " to " + number(v.Upper),
			standingOfBound(v, b.X[j], at(r.Certificate.Bounds, j)),
		})
	}
	rows = append(rows, nil)
	for k, c := range r.Problem.Responses {
		rows = append(rows, []string{c.Name, number(b.Y[k]), c.Unit, c.Wanted(), standing(c, b.Y[k], at(r.Certificate.Multipliers, k))})
	}
	columns(out, rows)
}

// columns writes rows with their cells aligned: the second cell, a number, by its
// decimal point.
func columns(out *bytes.Buffer, rows [][]string) {
	var widths []int
	wholePart := func(s string) int { return utf8.RuneCountInString(strings.SplitN(s, ".", 2)[0]) }
	most := 0
	for _, row := range rows {
		if len(row) > 1 {
			most = max(most, wholePart(row[1]))
		}
	}
	for _, row := range rows {
		if len(row) > 1 {
			row[1] = strings.Repeat(" ", most-wholePart(row[1])) + row[1]
		}
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if widths[i] > 0 {
				line.WriteString("  " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)))
			}
		}
		out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

func countsText(r *study.Result) string {
	e := r.Evaluations
	s := fmt.Sprintf("%d in %s: %d done (%d with partials), %d failed", e.Total, plural(len(r.Rounds), "round"), e.Done, e.WithPartials, e.Failed)
	if e.Queued > 0 {
		s += fmt.Sprintf(", %d queued", e.Queued)
	}
	if e.Running+e.Waiting > 0 {
		s += fmt.Sprintf(", %d running, %d waiting", e.Running, e.Waiting)
	}
	if e.Imported > 0 {
		s += fmt.Sprintf(", besides %s from elsewhere", plural(e.Imported, "sample"))
	}
	if r.Plan != nil {
		s += fmt.Sprintf("; budget %d", r.Plan.Budget.Evaluations)
	}
	return s
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// seconds writes a duration for people.
func seconds(s float64) string {
	switch {
	case s >= 5400:
		return fmt.Sprintf("%.1f h", s/3600)
	case s >= 90:
		return fmt.Sprintf("%.1f min", s/60)
	case s > 0 && s < 0.05:
		return "< 0.1 s"
	}
	return fmt.Sprintf("%.1f s", s)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// wrap breaks a text into lines of at most 100 columns, indented by two blanks and
// by four after the first.
func wrap(text string) string {
	const indent = "  "
	var lines []string
	current := indent
	for word := range strings.FieldsSeq(text) {
		switch {
		case strings.TrimSpace(current) == "":
			current += word
		case utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) <= 100:
			current += " " + word
		default:
			lines = append(lines, current)
			current = indent + "  " + word
		}
	}
	return strings.Join(append(lines, current), "\n")
}
