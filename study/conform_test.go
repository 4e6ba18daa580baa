package study

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Each driver has a fault of its own, and the check that is for it finds it; the
// others find nothing.
func TestConform(t *testing.T) {
	t.Parallel()
	const healthy = `
sleep 0.1 & wait
a=$(sed 's/.*"a": \([^,}]*\).*/\1/' "$SBO_REQUEST")
b=$(sed 's/.*"b": \([^,}]*\).*/\1/' "$SBO_REQUEST")
`
	const answer = `echo '{"values": {"f": '$a', "g": '$b'}, "partials": {"f": {"a": 1, "b": 0}, "g": {"a": 0}}}'`
	for _, c := range []struct {
		name, script, check string
		verdict             Verdict
		text                string
	}{
		{"healthy", healthy + answer, "", "", ""},
		{"no answer", "exit 3", "answers", Wrong, "exit code 3"},
		{"a partial is missing", healthy + `echo '{"values": {"f": '$a', "g": '$b'}, "partials": {"f": {"a": 1, "b": 0}}}'`, "partials", Noted, "1 of 3 declared partials were not delivered: g by a"},
		{"noise", healthy + `a=1.$$` + "\n" + answer, "repeats", Noted, "the same point gives other values: f by "},
		{"constant", healthy + `a=1; b=2` + "\n" + answer, "depends", Wrong, "no response changes when every variable does"},
		{"partly constant", healthy + `b=2` + "\n" + answer, "depends", Noted, "g stays the same when every variable changes"},
		{"insists on partials", healthy + `grep -q '"partials"' "$SBO_REQUEST" || a=7` + "\n" + answer, "values alone", Wrong, "it gives other values: f by"},
		{"shares a file", healthy + `mkdir "$SBO_STUDY_DIR/.sbo.lock" || exit 9; sleep 0.2 & wait; rmdir "$SBO_STUDY_DIR/.sbo.lock"` + "\n" + answer, "side by side", Wrong, "one failed that succeeds alone: exit code 9; do they share a file?"},
		{"leaves a process", healthy + `setsid sh -c "touch out; exec sleep 5" > /dev/null 2>&1 & while ! test -e out; do sleep 0.02; done` + "\n" + answer, "processes", Wrong, "leaves processes running that have left its group: ["},
		{"writes beside the study", healthy + `echo x >> "$SBO_STUDY_DIR/log"` + "\n" + answer, "folder", Noted, "writes into the folder of the study (log)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := external(t, c.script, "workers: 2")
			s, err := Open(t.Context(), dir, Options{})
			require.NoError(t, err)
			r, err := s.Conform(t.Context(), t.TempDir(), []float64{0.5, 1})
			require.NoError(t, err)
			found := c.check == ""
			for _, check := range r.Checks {
				if check.Name == c.check {
					require.Equal(t, c.verdict, check.Verdict, check.Text)
					require.Contains(t, check.Text, c.text)
					found = true
					continue
				}
				if c.name == "shares a file" && check.Name == "time-out" { // it leaves its lock behind
					continue
				}
				require.Contains(t, []Verdict{Passed, Skipped}, check.Verdict, "%s: %s", check.Name, check.Text)
			}
			require.True(t, found, "%v", r.Checks)
			require.NoDirExists(t, dir+"/.sbo")
		})
	}
}

// A built-in problem has no program to be tried.
func TestConformOfAProblem(t *testing.T) {
	dir := t.TempDir()
	_, err := Init(dir, "rosenbrock")
	require.NoError(t, err)
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	r, err := s.Conform(t.Context(), t.TempDir(), []float64{0.5, 1})
	require.NoError(t, err)
	require.Len(t, r.Checks, 4)
	for _, check := range r.Checks {
		require.Equal(t, Passed, check.Verdict, check.Text)
	}
}
