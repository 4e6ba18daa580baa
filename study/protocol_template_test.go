package study

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// templateStudy makes a study of a program, a shell script, that reads a deck on its
// standard input and one in a folder below.
func templateStudy(t *testing.T, program string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "solver.sh", "#!/bin/sh\n"+program)
	write(t, dir, "wing.tmpl", "ALPHA {{alpha}}\r\nSPAN {{ span * 1000 %9.1f }}|\n")
	write(t, dir, "mesh", "a mesh")
	write(t, dir, FileName, `
variables:
  - {name: alpha, lower: 0, upper: 6}
  - {name: span, lower: 2, upper: 40}
responses:
  - {name: cd, minimize: true, partials: [alpha, span]}
  - {name: cl, equals: 0.5, partials: [alpha]}
evaluator:
  command: [./solver.sh, "--alpha={{alpha %.2f}}"]
  protocol: template
  link_files: [mesh]
  template:
    stdin: wing.inp
    exit_codes: [0, 2]
    inputs:
      - {file: wing.inp, template: wing.tmpl}
      - {file: system/control, text: "alpha {{alpha}}\n"}
    outputs:
      - {response: cd, after: "CD =", occurrence: -1, scale: 1e-4}
      - {response: cd, by: [alpha, span], file: grad.txt, pattern: 'dCD\s+(\S+)\s+(\S+)'}
      - {response: cl, file: out/forces.csv, line: -1, field: 2, separator: ","}
      - {response: cl, by: [alpha], file: grad.txt, after: dCL, line: 1}
    failures:
      - {text: NOT CONVERGED}
      - {file: out/forces.csv, pattern: "(?i)diverged at (.*)"}
`)
	return dir
}

const solved = `
mkdir out
echo "CD = 99 at first"; echo "CD = 1.5D+02 counts"
printf 'step,cl\n1,0.4\n2, 0.5\n' > out/forces.csv
printf 'dCD 1 -2\ndCL\n 0.25\n' > grad.txt
`

func TestTemplate(t *testing.T) {
	t.Parallel()
	nan, scale := math.NaN(), 1e-4
	for _, c := range []struct {
		name, program, cause, note string
		dydx                       []float64
	}{
		{name: "all is there", program: solved, dydx: []float64{1, -2, 0.25, nan}},
		{name: "as asked", program: `
test "$1" = --alpha=1.50 && test "$(cat)" = "$(printf 'ALPHA 1.5\r\nSPAN   20000.0|')" && test "$(cat system/control)" = "alpha 1.5" && test -e mesh || exit 9` + solved},
		{name: "an exit code that is fine", program: solved + "exit 2"},
		{name: "one that is not", program: solved + "exit 1", cause: "exit code 1"},
		{name: "no file", program: "echo CD = 1", cause: "no answer: there is no file out/forces.csv with the value of cl", note: ""},
		{name: "no anchor", program: "echo nothing", cause: `the value of cd is not found in standard output: the text "CD =" is not in it`},
		{name: "no number", program: "echo CD = oh", cause: `the value of cd is not found in standard output: field 1 of line 1 is "oh", which is no number`},
		{name: "NaN", program: "echo CD = NaN", cause: "the value of cd is NaN"},
		{name: "says so", program: "echo '  NOT CONVERGED after 9 steps' >&2" + solved, cause: "the evaluator reports: NOT CONVERGED after 9 steps"},
		{name: "says so in a file", program: solved + "echo Diverged at 3 >> out/forces.csv", cause: "the evaluator reports: Diverged at 3"},
		{
			name: "no partials", program: solved + "echo dCL > grad.txt", dydx: []float64{nan, nan, nan, nan},
			note: `the partials of cd by alpha, span is not found`,
		},
		{name: "partials that are not finite", program: solved + "printf 'dCD 1 inf\ndCL\nnan\n' > grad.txt", dydx: []float64{1, nan, nan, nan}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := templateStudy(t, c.program)
			d, err := evaluate(t, dir, Options{}, 1.5, 20)
			require.NoError(t, err)
			e := only(t, dir)
			require.Equal(t, c.cause, e.Cause)
			require.True(t, strings.HasPrefix(e.Note, c.note), e.Note)
			if c.cause == "" {
				require.Equal(t, []float64{150 * scale, 0.5}, e.Y)
			}
			if c.dydx != nil {
				require.Equal(t, numbersText(c.dydx), numbersText(d.Partials)) // NaN equals NaN here
			}
		})
	}
}

// A file that was copied with the case, or linked, and that the program did not write
// anew, is not read for its output; one that it did is.
func TestTemplateReadsNoOldFiles(t *testing.T) {
	t.Parallel()
	for program, cause := range map[string]string{
		"true":                   "case/out.txt cannot be read: it is older than the evaluation: the program has not written it",
		"echo f 3 >case/out.txt": "",
	} {
		dir := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(dir, "case"), 0o755))
		old := write(t, filepath.Join(dir, "case"), "out.txt", "f 2\n")
		require.NoError(t, os.Chtimes(old, time.Time{}, time.Now().Add(-time.Hour)))
		write(t, dir, "solver.sh", "#!/bin/sh\n"+program)
		write(t, dir, FileName, `
variables: [{name: x, lower: 0, upper: 1}]
responses: [{name: f, minimize: true}]
evaluator:
  command: [./solver.sh, "{{x}}"]
  protocol: template
  copy_files: [case]
  template: {outputs: [{response: f, file: case/out.txt, after: f}]}
`)
		_, err := evaluate(t, dir, Options{}, 0.5)
		require.NoError(t, err)
		require.Equal(t, cause, only(t, dir).Cause)
	}
}

// A number that would push the columns behind it out of place stops the study: it
// is no fault of the point.
func TestTemplateColumns(t *testing.T) {
	dir := templateStudy(t, solved)
	write(t, dir, "wing.tmpl", "{{ span * 1e6 %9.1f }}")
	_, err := evaluate(t, dir, Options{}, 1.5, 20)
	require.ErrorContains(t, err, "wing.tmpl:1:1: span = 2e+07 takes 10 columns, and its format has 9")
	require.Equal(t, Waiting, only(t, dir).State)

	require.NoError(t, os.Remove(filepath.Join(dir, "wing.tmpl")))
	_, err = Open(t.Context(), dir, Options{})
	require.ErrorContains(t, err, "the template cannot be read")
}
