package study

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const fixtures = "internal/dakota/testdata"

// dakotaStudy makes a study for the driver, a shell script, with the variables and
// responses of the fixtures. settings are further lines of the evaluator.
func dakotaStudy(t *testing.T, driver string, settings ...string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "driver.sh", "#!/bin/sh\n"+driver)
	write(t, dir, FileName, `
variables:
  - {name: x1, lower: -5, upper: 5}
  - {name: x2, lower: -5, upper: 5}
responses:
  - {name: drag, minimize: true, partials: true}
  - {name: g1, upper: 0, partials: true}
evaluator:
  command: [./driver.sh]
  protocol: dakota
  `+strings.Join(settings, "\n  ")+"\n")
	return dir
}

// Every file of results leads to the evaluation that it means.
func TestDakotaFixtures(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(fixtures, "expected.json"))
	require.NoError(t, err)
	var expected map[string]any
	require.NoError(t, json.Unmarshal(text, &expected))
	causes := map[string]string{
		"r06_fail.out":             "the evaluator reports: mesh negative volume",
		"r07_nan.out":              "the value of drag is NaN",
		"r09_surplus_gradient.out": "malformed results file results.out: it has 3 gradients, where 2 were asked for",
		"r10_short_gradient.out":   "malformed results file results.out: gradient 1 has 1 of 2 entries",
		"r11_missing_value.out":    "malformed results file results.out: it has 1 of 2 values and ends",
		"r12_unclosed.out":         "malformed results file results.out: the bracket of line 3 is not closed",
		"r15_empty.out":            "malformed results file results.out: it is empty",
		"r17_fail.json":            "the evaluator reports: the driver gives no reason",
		"r18_failstr.json":         "the evaluator reports: the driver gives no reason",
		"r19_nanstr.json":          "the value of drag is NaN",
		"r20_swapped_labels.out":   "malformed results file results.out: value 1 is labeled g1, but the order asked for has drag there: the responses must come in the order of the study, drag, g1",
	}
	notes := map[string]string{
		"r08_no_gradients.out":         "the results have no gradients, which were asked for",
		"r13_hessians.out":             "the results have Hessians, which were not asked for and are not used",
		"r14_metadata_after_grads.out": "seconds = 12.5",
	}
	for name, want := range expected {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := dakotaStudy(t, `cp "$SBO_STUDY_DIR/fixture" "$2"`)
			results, err := os.ReadFile(filepath.Join(fixtures, name))
			require.NoError(t, err)
			write(t, dir, "fixture", string(results))
			_, err = evaluate(t, dir, Options{}, 1.5, -2.25)
			require.NoError(t, err)
			e := only(t, dir)
			require.Equal(t, causes[name], e.Cause)
			require.Equal(t, notes[name], e.Note)
			if e.Cause != "" {
				require.IsType(t, "", want, "expected.json has no numbers for it either")
				require.Equal(t, Failed, e.State)
				return
			}
			require.Equal(t, []float64{0.0123, -0.5}, e.Y)
			if name == "r08_no_gradients.out" {
				require.True(t, math.IsNaN(e.Partials[0]))
				return
			}
			require.Equal(t, []float64{1, -2, 0.5, 0.25}, e.Partials)
		})
	}
}

// The driver is asked as Dakota asks it: files, arguments, environment, folder.
func TestDakotaAsks(t *testing.T) {
	t.Parallel()
	const state = "{state_variables: [{name: n_spar, value: 3}, {name: alloy, value: AL 7075}]"
	want := func(file string) string {
		text, err := os.ReadFile(filepath.Join(fixtures, file))
		require.NoError(t, err)
		return string(text)
	}
	for _, c := range []struct {
		name, driver, setting, params string
		line                          string // that the driver prints
	}{
		{name: "standard", setting: "dakota: " + state + "}", params: want("params.std.in"), line: "params.in results.out"},
		{name: "aprepro", setting: "dakota: " + state + ", parameters_format: aprepro}", params: want("params.aprepro.in"), line: "params.in results.out"},
		{name: "json", setting: "dakota: " + state + ", parameters_format: json}", params: want("params.json"), line: "params.in results.out"},
		{name: "tagged", setting: "dakota: {file_tag: true, parameters_file: vars, results_file: resp}", line: "vars.1 resp.1"},
		{name: "work directory", setting: "dakota: {work_directory: workdir, directory_tag: true}", line: "RUN/workdir.1/params.in RUN/workdir.1/results.out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := dakotaStudy(t, `
test "$1 $2" = "$DAKOTA_PARAMETERS_FILE $DAKOTA_RESULTS_FILE" || exit 1
test "$PWD" = "$SBO_RUN_DIR" || exit 2
test -z "$(cat)" || exit 3
helper || exit 4 # beside the study file
cp "$1" "$SBO_STUDY_DIR/seen"
echo "$*"
echo 1 2 '[1 2] [3 4]' > $2`, c.setting)
			write(t, dir, "helper", "#!/bin/sh\n")
			_, err := evaluate(t, dir, Options{}, 1.5, -2.25)
			require.NoError(t, err)
			e := only(t, dir)
			require.Empty(t, e.Cause)
			printed, err := os.ReadFile(filepath.Join(e.Dir, stdoutFile))
			require.NoError(t, err)
			require.Equal(t, strings.ReplaceAll(c.line, "RUN", filepath.Join(e.Dir, runFolder))+"\n", string(printed))
			if c.params != "" {
				seen, err := os.ReadFile(filepath.Join(dir, "seen"))
				require.NoError(t, err)
				require.Equal(t, strings.ReplaceAll(c.params, "   7 ", "   1 "), strings.ReplaceAll(strings.ReplaceAll(string(seen), `"eval_id": "1"`, `"eval_id": "7"`), "   7 ", "   1 "))
			}
		})
	}
}

// A gradient is by the variables by which partials are declared, and goes to their
// places; a program ends with what exit code it likes, if only the results are whole.
func TestDakotaReads(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		name, driver, partials, cause, note string
		dydx                                []float64
	}{
		{name: "some gradients", partials: "[x2]", driver: `
grep -q ' 3 ASV_1:drag$' $1 && grep -q ' 1 ASV_2:g1$' $1 && grep -q ' 1 derivative_variables$' $1 && grep -q ' 2 DVV_1:x2$' $1 || exit 1
echo 1 2 [3] > $2`, dydx: []float64{nan, 3, nan, nan}},
		{name: "no gradients", partials: "false", driver: `
grep -q ' 1 ASV_1:drag$' $1 && grep -q ' 2 derivative_variables$' $1 || exit 1
echo 1 2 > $2`, dydx: []float64{nan, nan, nan, nan}},
		{name: "a partial that is not finite", partials: "true", driver: "echo 1 2 [nan 4] > $2", dydx: []float64{nan, 4, nan, nan}},
		{name: "exit code with results", partials: "false", driver: "echo 1 2 > $2; exit 3", note: "exit code 3, with complete results"},
		{name: "exit code without results", partials: "false", driver: "exit 3", cause: "exit code 3"},
		{name: "exit code with half of the results", partials: "false", driver: "echo 1 > $2; exit 3", cause: "exit code 3"},
		{name: "exit code 255", partials: "false", driver: "echo 1 2 > $2; exit 255", cause: "exit code 255"},
		{name: "no results", partials: "false", driver: "true", cause: "no answer: there is no results file results.out"},
		{name: "signal", partials: "false", driver: "echo 1 2 > $2; kill -SEGV $$", cause: "ended by signal SIGSEGV"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := dakotaStudy(t, c.driver)
			text, err := os.ReadFile(filepath.Join(dir, FileName))
			require.NoError(t, err)
			write(t, dir, FileName, strings.Replace(strings.Replace(string(text), "partials: true", "partials: "+c.partials, 1), "upper: 0, partials: true", "upper: 0", 1))
			d, err := evaluate(t, dir, Options{}, 0, 0)
			require.NoError(t, err)
			e := only(t, dir)
			require.Equal(t, c.cause, e.Cause)
			require.Equal(t, c.note, e.Note)
			if c.dydx != nil {
				require.Equal(t, numbersText(c.dydx), numbersText(d.Partials)) // NaN equals NaN here
			}
		})
	}
}

// Evaluations side by side are each asked their own question.
func TestDakotaSideBySide(t *testing.T) {
	t.Parallel()
	dir := dakotaStudy(t, `
test "$1 $2 $PWD" = "$DAKOTA_PARAMETERS_FILE $DAKOTA_RESULTS_FILE $SBO_RUN_DIR" || exit 1
sed -n 's/ x1$//p; s/ x2$//p' $1 > $2; echo '[1 2] [3 4]' >> $2`,
		"env: {A: 1, B: 2, C: 3, D: 4, E: 5}", "dakota: {file_tag: true}")
	var x []float64
	for i := range 12 {
		x = append(x, float64(i)/8, -float64(i)/4)
	}
	d, err := evaluate(t, dir, Options{Workers: 6}, x...)
	require.NoError(t, err)
	require.Equal(t, x, d.Y)
}

// The names of the files go where the command wants them.
func TestWithFiles(t *testing.T) {
	require.Equal(t, []string{"sh", "d.sh", "p", "r"}, withFiles([]string{"sh", "d.sh"}, "p", "r"))
	require.Equal(t, []string{"sh", "-i=p", "r"}, withFiles([]string{"sh", "-i={PARAMETERS}", "{RESULTS}"}, "p", "r"))
}

// Files are linked and copied into the folder of the program, by any protocol, also
// in a trial.
func TestCompanions(t *testing.T) {
	t.Parallel()
	dir := external(t, `
test -L mesh.cgns && test "$(cat mesh.cgns)" = mesh && test -L data && cat data/table > /dev/null || exit 1
test ! -L a.txt && echo more >> a.txt && echo more >> b.txt && test -x tree/sub/run && echo more >> tree/sub/run || exit 2
echo '{"values": {"f": 1, "g": 2}}'`,
		"link_files: [mesh.cgns, data]", `copy_files: ["texts/*.txt", tree]`)
	for _, folder := range []string{"data", "texts", "tree/sub"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, folder), 0o755))
	}
	for name, text := range map[string]string{
		"mesh.cgns": "mesh", "data/table": "1 2", "texts/a.txt": "a", "texts/b.txt": "b", "texts/c.dat": "c", "tree/sub/run": "#!/bin/sh\n",
	} {
		write(t, dir, name, text)
	}
	require.NoError(t, os.Chmod(filepath.Join(dir, "texts", "a.txt"), 0o444))
	_, err := evaluate(t, dir, Options{}, 0, 0)
	require.NoError(t, err)
	require.Empty(t, only(t, dir).Cause)
	text, err := os.ReadFile(filepath.Join(dir, "texts", "b.txt"))
	require.NoError(t, err)
	require.Equal(t, "b", string(text))

	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	trial, err := s.Try(t.Context(), t.TempDir(), []float64{0, 0})
	require.NoError(t, err)
	require.Empty(t, trial[0].Cause)

	require.NoError(t, os.Remove(filepath.Join(dir, "mesh.cgns")))
	_, err = Open(t.Context(), dir, Options{})
	require.ErrorContains(t, err, "mesh.cgns; put it there")
}
