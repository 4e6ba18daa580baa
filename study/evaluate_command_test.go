package study

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// answered is a script that answers f = a and g = b with their partials.
const answered = `
echo 'chatter {before'
a=$(sed 's/.*"a": \([^,}]*\).*/\1/' "$SBO_REQUEST")
b=$(sed 's/.*"b": \([^,}]*\).*/\1/')
echo '{"values": {"f": '$a', "g": '$b'}, "partials": {"f": {"a": 1, "b": 0}, "g": {"a": 0, "b": 1}}}'
`

func TestCommandAnswers(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name, script   string
		y, dydx        []float64
		cause, note    string
		stderr         string
		attempts, code int
	}{
		{name: "stdout", script: answered, y: []float64{0.1, 0.3}, dydx: []float64{1, 0, 0, nan}},
		{name: "file", script: `echo '{"id": 1, "values": {"f": 1, "g": 2}}' > "$SBO_ANSWER"; echo '{"values": {"f": 7, "g": 7}}'`, y: []float64{1, 2}, dydx: []float64{nan, nan, nan, nan}},
		{name: "missing partials", script: `echo '{"values": {"f": 1, "g": 2}, "partials": {"f": {"a": NaN, "b": -Infinity}, "g": {"a": null}}}'`, y: []float64{1, 2}, dydx: []float64{nan, nan, nan, nan}},
		{name: "a name too many", script: `echo '{"values": {"f": 1, "g": 2, "h": 3}}'`, y: []float64{1, 2}, note: `the answer has "h", which the study does not`},
		{name: "pretty printed", script: `printf '{\n  "values": {\n    "f": 1,\n    "g": 2\n  }\n}\nbye\n'`, y: []float64{1, 2}},
		{name: "own folder", script: `test "$PWD" = "$SBO_RUN_DIR" && test -z "$(ls)" && test -f "$SBO_STUDY_DIR/study.yaml" && echo '{"values": {"f": 1, "g": 2}}'`, y: []float64{1, 2}},
		{name: "leftovers die", script: `sleep 1000 & echo $! > "$SBO_STUDY_DIR/child"; echo '{"values": {"f": 1, "g": 2}}'`, y: []float64{1, 2}},

		{name: "reported", script: `echo '{"id": 1, "failed": "mesh did not close"}'`, cause: "the evaluator reports: mesh did not close"},
		{name: "exit code", script: `echo broken >&2; echo '{"values": {"f": 1, "g": 2}}'; exit 3`, cause: "exit code 3", stderr: "broken\n"},
		{name: "exit code with reason", script: `echo '{"failed": "no license"}'; exit 3`, cause: "exit code 3: no license"},
		{name: "signal", script: `kill -SEGV $$`, cause: "ended by signal SIGSEGV"},
		{name: "silence", script: `true`, cause: "no answer: neither a JSON line on stdout nor the file SBO_ANSWER"},
		{name: "broken off", script: `echo '{"values": {"f": 1'`, cause: "malformed answer: it breaks off"},
		{name: "no object", script: `echo '[1, 2]' > "$SBO_ANSWER"`, cause: "malformed answer: the answer is no object in braces"},
		{name: "other request", script: `echo '{"id": 8, "values": {"f": 1, "g": 2}}'`, cause: "malformed answer: it is for request 8, not 1"},
		{name: "text for a number", script: `echo '{"values": {"f": "1", "g": 2}}'`, cause: `malformed answer: "f" in "values" is the text "1", not a number`},
		{name: "twice", script: `echo '{"values": {"f": 1, "g": 2, "f": 3}}'`, cause: `malformed answer: "values" has "f" twice`},
		{name: "NaN", script: `echo '{"values": {"f": NaN, "g": 2}}'`, cause: "the value of f is NaN"},
		{name: "infinite", script: `echo '{"values": {"f": 1, "g": 1e999}}'`, cause: "the value of g is +Inf"},
		{name: "missing", script: `echo '{"values": {"f": 1}}'`, cause: "no value for g"},
		{name: "misspelled", script: `echo '{"values": {"f": 1, "G": 2}}'`, cause: `no value for g (the answer has "G", which the study does not)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := external(t, c.script)
			d, err := evaluate(t, dir, Options{}, 0.1, 0.3)
			require.NoError(t, err)
			e := only(t, dir)
			require.Equal(t, 1, e.Attempts)
			require.Equal(t, c.cause, e.Cause)
			require.Equal(t, c.note, e.Note)
			require.FileExists(t, filepath.Join(e.Dir, exitFile))
			if c.cause != "" {
				require.Equal(t, Failed, e.State)
				require.True(t, d.Failed(0))
				require.Equal(t, c.stderr, e.Stderr)
				return
			}
			for _, pid := range lines(t, filepath.Join(dir, "child")) {
				requireGone(t, pid)
			}
			require.Equal(t, Done, e.State)
			require.Equal(t, c.y, d.Y)
			require.Equal(t, c.y, e.Y)
			if c.dydx != nil {
				require.Equal(t, numbersText(c.dydx), numbersText(d.Partials)) // NaN equals NaN here
			}
		})
	}
}

func TestRequestIsAsDocumented(t *testing.T) {
	dir := external(t, answered)
	_, err := evaluate(t, dir, Options{}, 0.1, math.Nextafter(0.3, 1))
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(only(t, dir).Dir, requestFile))
	require.NoError(t, err)
	expected := `{"id": 1, "x": {"a": 0.1, "b": 0.30000000000000004}, "want": {"f": ["value","partials"], "g": ["value","partials"]}}` + "\n"
	if string(text) != expected { // in this order, which JSONEq would not see
		t.Fatalf("the request is %s", text)
	}
}

func TestRetries(t *testing.T) {
	script := `echo x >> "$SBO_STUDY_DIR/count"; test $(wc -l < "$SBO_STUDY_DIR/count") -gt 2 || exit 1` + answered
	dir := external(t, script, "retries: 2")
	d, err := evaluate(t, dir, Options{}, 0.1, 0.3)
	require.NoError(t, err)
	require.False(t, d.Failed(0))
	require.Equal(t, 3, only(t, dir).Attempts)

	dir = external(t, script, "retries: 1")
	for range 2 { // the failure is remembered
		d, err = evaluate(t, dir, Options{}, 0.1, 0.3)
		require.NoError(t, err)
		require.True(t, d.Failed(0))
		require.Equal(t, 2, only(t, dir).Attempts)
	}
}

// TestTimeoutEndsTheGroup has a driver and its child that ignore the request to
// end. The grandchild writes its process id, so that its end can be checked.
func TestTimeoutEndsTheGroup(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"in process": {}, "shim": {Shim: shim()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := external(t, `trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo $! > "$SBO_STUDY_DIR/child"; wait; while :; do sleep 1; done`, "timeout: 200ms")
			started := time.Now()
			d, err := evaluate(t, dir, o, 0, 0)
			require.NoError(t, err)
			require.True(t, d.Failed(0))
			require.Equal(t, "timeout after 200ms", only(t, dir).Cause)
			require.GreaterOrEqual(t, time.Since(started), timeoutGrace)
			requireGone(t, lines(t, filepath.Join(dir, "child"))[0])
		})
	}
}

// requireGone waits until the process has ended.
func requireGone(t *testing.T, pid string) {
	t.Helper()
	require.Eventually(t, func() bool {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) || strings.Contains(string(stat), ") Z ")
	}, 30*time.Second, 10*time.Millisecond)
}

func TestCommandThatCannotRunStopsTheStudy(t *testing.T) {
	dir := external(t, answered)
	write(t, dir, "drive.sh", "#!/no/such/interpreter\n")
	_, err := evaluate(t, dir, Options{}, 0, 0)
	require.ErrorContains(t, err, "cannot be started")
	require.Equal(t, Waiting, only(t, dir).State)

	write(t, dir, "drive.sh", "echo no interpreter named\n")
	_, err = evaluate(t, dir, Options{}, 0, 0)
	require.ErrorContains(t, err, "as in #!/bin/sh")

	write(t, dir, "drive.sh", "#!/bin/sh\n"+answered) // mended, the study goes on
	d, err := evaluate(t, dir, Options{}, 0, 0)
	require.NoError(t, err)
	require.False(t, d.Failed(0))
}

func TestResolveCommand(t *testing.T) {
	dir := t.TempDir()
	script := write(t, dir, "drive.py", "#!/bin/sh\n")
	argv, err := resolveCommand(dir, []string{"sh", "drive.py", "./drive.py", "other", "-x"})
	require.NoError(t, err)
	require.True(t, filepath.IsAbs(argv[0]))
	require.Equal(t, []string{script, script, "other", "-x"}, argv[1:])
	argv, err = resolveCommand(dir, []string{"./drive.py"})
	require.NoError(t, err)
	require.Equal(t, []string{script}, argv)
	_, err = resolveCommand(dir, []string{"./none"})
	require.ErrorContains(t, err, "./none"[2:])
}
