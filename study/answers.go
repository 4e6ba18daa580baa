package study

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo"
)

// Reader reads answers from text, for [Study.Tell] and [Study.Import].
type Reader struct {
	Problem sbo.Problem
	// Rename gives a variable or response, by its name in the text, its name in the
	// study.
	Rename map[string]string
}

// Read reads answers in whichever form it finds. The name stands for the file in the
// errors and in [Answer.Where].
//
//   - A table with a line of names: CSV (also by semicolons or tabs), or columns of a
//     width as in Dakota's tabular files, whose first name may begin with %. It has
//     columns for the variables, the responses, and, as far as they are known, the
//     partials, d<response>_d<variable>; id is the evaluation, failed the cause of a
//     failure, and seconds and note are kept. Cells that are empty or NaN are not
//     known. Columns of other names are left out. If there is an id, the variables
//     may be missing.
//   - JSON, an object a line, as programs answer in the protocol json: id or x (or
//     both), values, partials, or failed. The lines of sbo history --json are also
//     read; those without an answer are passed over.
//   - What dakota_restart_util print prints, with gradients.
//
// A table without a line of names, as Dakota's free form, holds the variables and
// then the responses in the order of the study.
func (r Reader) Read(in io.Reader, name string) ([]Answer, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("study: cannot read %s: %w", name, err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	start := bytes.TrimSpace(text)
	switch {
	case len(start) == 0:
		return nil, fmt.Errorf("study: %s is empty", name)
	case start[0] == '{':
		return r.lines(text, name)
	case bytes.Contains(text, []byte("\nParameters:")) && bytes.Contains(text, []byte("Active response data:")):
		return r.restart(text, name)
	}
	return r.table(text, name)
}

// faults collects what is wrong with a text, line by line.
type faults struct {
	name string
	list []error
}

func (f *faults) add(line int, format string, args ...any) {
	if len(f.list) < maxTold {
		f.list = append(f.list, fmt.Errorf("study: %s:%d: %s", f.name, line, fmt.Sprintf(format, args...)))
	}
}

func (r Reader) rename(name string) string {
	if now, is := r.Rename[name]; is {
		return now
	}
	return name
}

// lines reads JSON, an object a line.
func (r Reader) lines(text []byte, name string) ([]Answer, error) {
	var answers []Answer
	found := faults{name: name}
	scanner := bufio.NewScanner(bytes.NewReader(text))
	scanner.Buffer(nil, 1<<24)
	for n := 1; scanner.Scan(); n++ {
		line := bytes.TrimSpace(scanner.Bytes())
		if len(line) == 0 {
			continue
		}
		a, passed, err := r.object(line)
		switch {
		case err != nil:
			found.add(n, "%v", err)
		case !passed:
			a.Where = fmt.Sprintf("%s:%d", name, n)
			answers = append(answers, a)
		}
	}
	if err := scanner.Err(); err != nil {
		found.list = append(found.list, fmt.Errorf("study: %s: %w", name, err))
	}
	return answers, errors.Join(found.list...)
}

// object reads an answer in JSON; passed says that there is none in it.
func (r Reader) object(line []byte) (a Answer, passed bool, err error) {
	d := json.NewDecoder(bytes.NewReader(quoteOddNumbers(line)))
	d.UseNumber()
	x, y := map[string]float64{}, map[string]float64{}
	partials := map[string]map[string]float64{}
	var state, note string
	err = readObject(d, "the answer", func(member string) (err error) {
		switch member {
		case "id":
			var id *int
			if id, err = readID(d); id != nil {
				a.ID = *id
			}
		case "x":
			err = readNumberMap(d, `"x"`, x)
		case "values", "y":
			err = readNumberMap(d, strconv.Quote(member), y)
		case "partials":
			err = readObject(d, `"partials"`, func(response string) error {
				partials[response] = map[string]float64{}
				return readNumberMap(d, fmt.Sprintf("partials of %q", response), partials[response])
			})
		case "failed", "cause":
			a.Failed, err = readReason(d)
		case "state":
			err = d.Decode(&state)
		case "note":
			err = d.Decode(&note)
		case "seconds":
			err = d.Decode(&a.Seconds)
		default:
			var ignored json.RawMessage
			err = d.Decode(&ignored)
		}
		return err
	})
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the object breaks off")
	}
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more text behind the object; every line is one object")
		}
	}
	if a.Note = note; err != nil || state == string(Waiting) || state == string(Running) || state == string(Queued) {
		return a, true, err
	}
	if len(x) > 0 {
		if a.X, err = r.values(x, r.Problem.VariableNames(), "variable", true); err != nil {
			return a, false, err
		}
	}
	if len(y) > 0 {
		if a.Y, err = r.values(y, r.Problem.ResponseNames(), "response", false); err != nil {
			return a, false, err
		}
	}
	a.Partials, err = r.jacobian(partials)
	return a, false, err
}

// values puts numbers into the order of the study. Names that it doesn't have are an
// error if one of its own is missing.
func (r Reader) values(have map[string]float64, names []string, kind string, all bool) ([]float64, error) {
	renamed := map[string]float64{}
	for name, v := range have {
		renamed[r.rename(name)] = v
	}
	values := make([]float64, len(names))
	missing, known := "", 0
	for i, name := range names {
		v, is := renamed[name]
		if values[i] = v; is {
			known++
			continue
		}
		values[i], missing = math.NaN(), name
	}
	if missing == "" || !all && known > 0 && known == len(renamed) {
		return values, nil
	}
	for name := range renamed {
		if near := sbo.Nearest(name, names); near != "" && near != name {
			return nil, fmt.Errorf("there is no %s %q; did you mean %q?", kind, name, near)
		}
	}
	return nil, fmt.Errorf("there is no number for the %s %s", kind, missing)
}

func (r Reader) jacobian(have map[string]map[string]float64) ([]float64, error) {
	if len(have) == 0 {
		return nil, nil
	}
	p := r.Problem
	partials := make([]float64, p.NY()*p.NX())
	for i := range partials {
		partials[i] = math.NaN()
	}
	responses, variables := index(p.ResponseNames()), index(p.VariableNames())
	for response, by := range have {
		k, is := responses[r.rename(response)]
		if !is {
			return nil, fmt.Errorf("there are partials of %q, which is no response", response)
		}
		for variable, v := range by {
			j, is := variables[r.rename(variable)]
			if !is {
				return nil, fmt.Errorf("there is a partial of %s by %q, which is no variable", response, variable)
			}
			if finite(v) {
				partials[k*p.NX()+j] = v
			}
		}
	}
	return partials, nil
}

func index(names []string) map[string]int {
	at := make(map[string]int, len(names))
	for i, name := range names {
		at[name] = i
	}
	return at
}

// number reads a number that a cell or a word holds: NaN if nothing is known, and
// Fortran's exponents.
func number(text string) (float64, error) {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "", "nan", "null", "na", "n/a":
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		v, err = strconv.ParseFloat(strings.NewReplacer("D", "e", "d", "e").Replace(text), 64)
	}
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%.40q is no number", text)
	}
	return v, nil
}
