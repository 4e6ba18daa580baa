package study

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"

	"github.com/sbo-go/sbo"
)

// Format is a form in which answers are written.
type Format string

// The formats of [Study.Export].
const (
	CSV       Format = "csv"   // a table with a line of names
	JSONLines Format = "jsonl" // an object a line
)

// Export writes every evaluation with all that is known of it, failures and all the
// partials that were delivered included, in the order of ids, so that
// [Reader.Read] and [Study.Import] get the same back, to the bit. What has no answer
// yet is written without one. It may be called while another process runs the study.
func (s *Study) Export(ctx context.Context, w io.Writer, f Format) error {
	store, plan, err := s.look(ctx)
	if err != nil {
		return err
	}
	if store == nil {
		return fmt.Errorf("study: %s has no answers yet", s.dir)
	}
	p := plan.Problem()
	history, err := store.history(ctx, s.dir, slices.Repeat([]bool{true}, p.NX()*p.NY()))
	if err = errors.Join(err, store.close()); err != nil {
		return err
	}
	switch f {
	case CSV:
		return exportCSV(w, p, history)
	case JSONLines:
		return exportJSON(w, p, history)
	}
	return fmt.Errorf("study: there is no format %q; choose csv or jsonl", f)
}

// ExportDatabase writes a copy of the study's database to a file that must not exist
// yet, whole even while another process writes to it.
func (s *Study) ExportDatabase(ctx context.Context, path string) error {
	store, _, err := s.look(ctx)
	if err != nil {
		return err
	}
	if store == nil {
		return fmt.Errorf("study: %s has no answers yet", s.dir)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("study: %s is there already; remove it, or name another file", path), store.close())
	}
	_, err = store.db.ExecContext(ctx, "VACUUM INTO ?", path)
	return errors.Join(store.fault("copy", err), store.close())
}

// ReadDatabase reads the answers in the database of a study, as .sbo/study.db is or
// what [Study.ExportDatabase] wrote. Variables and responses are found by their names.
func (r Reader) ReadDatabase(ctx context.Context, path string) ([]Answer, error) {
	store, err := readDatabase(ctx, path)
	if err != nil {
		return nil, err
	}
	plan, _, _, err := store.latestPlan(ctx)
	if plan == nil || err != nil {
		return nil, errors.Join(err, store.close())
	}
	from := plan.Problem()
	history, err := store.history(ctx, "", slices.Repeat([]bool{true}, from.NX()*from.NY()))
	if err = errors.Join(err, store.close()); err != nil {
		return nil, err
	}
	variables, err := places(r, r.Problem.VariableNames(), from.VariableNames(), path)
	if err != nil {
		return nil, err
	}
	responses, err := places(r, r.Problem.ResponseNames(), from.ResponseNames(), path)
	if err != nil {
		return nil, err
	}
	var answers []Answer
	for _, e := range history {
		if e.Y == nil && e.Cause == "" {
			continue
		}
		a := Answer{ID: e.ID, Failed: e.Cause, Note: e.Note, Seconds: e.Seconds, Where: fmt.Sprintf("%s, evaluation %d", path, e.ID)}
		for _, j := range variables {
			a.X = append(a.X, e.X[j])
		}
		if e.Y != nil {
			for _, k := range responses {
				a.Y = append(a.Y, e.Y[k])
				for _, j := range variables {
					a.Partials = append(a.Partials, e.Partials[k*from.NX()+j])
				}
			}
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// places returns where the names stand among those of another study.
func places(r Reader, names, others []string, path string) ([]int, error) {
	renamed := make([]string, len(others))
	for i, name := range others {
		renamed[i] = r.rename(name)
	}
	at := make([]int, len(names))
	for i, name := range names {
		if at[i] = slices.Index(renamed, name); at[i] < 0 {
			return nil, fmt.Errorf("study: %s has no %s; it has %v", path, name, others)
		}
	}
	return at, nil
}

// exportCSV writes the table. A column of ours gives way to a variable or response
// that is called like it.
func exportCSV(w io.Writer, p sbo.Problem, history []Evaluation) error {
	variables, responses := p.VariableNames(), p.ResponseNames()
	own := func(name string) bool { return !slices.Contains(variables, name) && !slices.Contains(responses, name) }
	type column struct {
		name string
		cell func(Evaluation) string
	}
	var columns []column
	add := func(name string, cell func(Evaluation) string) { columns = append(columns, column{name, cell}) }
	ours := func(name string, cell func(Evaluation) string) {
		if own(name) {
			add(name, cell)
		}
	}
	ours(columnID, func(e Evaluation) string { return strconv.Itoa(e.ID) })
	for j, name := range variables {
		add(name, func(e Evaluation) string { return cellOf(e.X, j) })
	}
	for k, name := range responses {
		add(name, func(e Evaluation) string { return cellOf(e.Y, k) })
	}
	for i := range p.NX() * p.NY() {
		if slices.ContainsFunc(history, func(e Evaluation) bool { return i < len(e.Partials) && !math.IsNaN(e.Partials[i]) }) {
			add(sbo.PartialColumn(responses[i/p.NX()], variables[i%p.NX()]), func(e Evaluation) string { return cellOf(e.Partials, i) })
		}
	}
	ours("state", func(e Evaluation) string { return string(e.State) })
	ours(columnFailed, func(e Evaluation) string { return e.Cause })
	ours("phase", func(e Evaluation) string { return e.Phase })
	ours("round", func(e Evaluation) string { return strconv.Itoa(e.Round) })
	ours("reason", func(e Evaluation) string { return e.Reason })
	ours(columnSeconds, func(e Evaluation) string { return strconv.FormatFloat(e.Seconds, 'g', -1, 64) })
	ours(columnNote, func(e Evaluation) string { return e.Note })
	out := csv.NewWriter(w)
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = c.name
	}
	_ = out.Write(record) // its error stays, and comes back from out.Error
	for _, e := range history {
		for i, c := range columns {
			record[i] = c.cell(e)
		}
		_ = out.Write(record) // as above
	}
	out.Flush()
	return out.Error()
}

// cellOf is a number of a list in a table: empty if it is not known.
func cellOf(numbers []float64, i int) string {
	if i >= len(numbers) || math.IsNaN(numbers[i]) {
		return ""
	}
	return exact(numbers[i])
}

// exportJSON writes an object a line, with the names in their order.
func exportJSON(w io.Writer, p sbo.Problem, history []Evaluation) error {
	out := bufio.NewWriter(w)
	variables, responses := p.VariableNames(), p.ResponseNames()
	nx := p.NX()
	for _, e := range history {
		_, _ = fmt.Fprintf(out, `{"id":%d,"state":%s,"phase":%s,"round":%d,"reason":%s,"x":%s`, // its error stays, and comes back from Flush
			e.ID, quote(string(e.State)), quote(e.Phase), e.Round, quote(e.Reason), objectText(variables, e.X))
		if e.Y != nil {
			_, _ = fmt.Fprintf(out, `,"y":%s,"partials":{`, objectText(responses, e.Y))
			for k, name := range responses {
				if k > 0 {
					_ = out.WriteByte(',')
				}
				_, _ = fmt.Fprintf(out, `%s:%s`, quote(name), objectText(variables, e.Partials[k*nx:(k+1)*nx]))
			}
			_ = out.WriteByte('}')
		}
		if e.Cause != "" {
			_, _ = fmt.Fprintf(out, `,"failed":%s`, quote(e.Cause))
		}
		if e.Note != "" {
			_, _ = fmt.Fprintf(out, `,"note":%s`, quote(e.Note))
		}
		_, _ = fmt.Fprintf(out, `,"seconds":%s}`+"\n", exact(e.Seconds))
	}
	return out.Flush()
}

func quote(text string) []byte {
	quoted, _ := json.Marshal(text) // a text can always be marshaled
	return quoted
}

// objectText is a JSON object of numbers, null where one is not known.
func objectText(names []string, numbers []float64) string {
	text := []byte{'{'}
	for i, name := range names {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(text, quote(name)...), ':')
		if finite(numbers[i]) {
			text = strconv.AppendFloat(text, numbers[i], 'g', -1, 64)
		} else {
			text = append(text, "null"...)
		}
	}
	return string(append(text, '}'))
}
