package study

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// persistent makes a study whose program answers line by line. reply is the part of
// the loop that answers, with the number of the request in $id and how many there
// have been in $n.
func persistent(t *testing.T, reply string, settings ...string) string {
	t.Helper()
	return external(t, `
echo $$ >> "$SBO_STUDY_DIR/pids"
n=0
while read -r line; do
	n=$((n + 1))
	id=$(echo "$line" | sed 's/.*"id": \([0-9]*\).*/\1/')
	a=$(echo "$line" | sed 's/.*"a": \([^,}]*\).*/\1/')
	answer() { echo "{\"id\": $id, \"values\": {\"f\": $a, \"g\": $n}, \"partials\": {\"f\": {\"a\": 1}}}"; }
	`+reply+`
done
echo ended >> "$SBO_STUDY_DIR/ended"
`, append(settings, "persistent: true")...)
}

// evaluatePoints evaluates n points with a = 0, 0.1, ...
func evaluatePoints(t *testing.T, dir string, n int, o Options) []Evaluation {
	t.Helper()
	var x []float64
	for i := range n {
		x = append(x, float64(i)/10, 1)
	}
	_, err := evaluate(t, dir, o, x...)
	require.NoError(t, err)
	s, err := Open(t.Context(), dir, o)
	require.NoError(t, err)
	history, err := s.History(t.Context())
	require.NoError(t, err)
	require.Len(t, history, n)
	return history
}

// One process answers all questions, each in its turn, whatever it prints besides,
// and ends when there are no more.
func TestPersistentAnswersInOrder(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"in process": {}, "shim": {Shim: shim()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := persistent(t, `
	echo "solving $id"; echo '{"step": 1}'; echo '{broken'; echo "{\"id\": $((id - 1)), \"values\": {\"f\": 99, \"g\": 99}}"
	echo "warning $id" >&2
	echo "$line" | grep -q '"dir": "'"$SBO_STUDY_DIR"'/.sbo/evals/'$id'/1/run"}$' && test "$PWD" = "$SBO_RUN_DIR" || exit 9
	answer`)
			for i, e := range evaluatePoints(t, dir, 4, o) {
				require.Empty(t, e.Cause)
				require.Equal(t, []float64{float64(i) / 10, float64(i + 1)}, e.Y, "the process counts the questions")
				printed, err := os.ReadFile(filepath.Join(e.Dir, stdoutFile))
				require.NoError(t, err)
				require.Contains(t, string(printed), fmt.Sprintf("solving %d\n", i+1))
				printed, err = os.ReadFile(filepath.Join(e.Dir, stderrFile))
				require.NoError(t, err)
				require.Equal(t, fmt.Sprintf("warning %d\n", i+1), string(printed))
			}
			require.Len(t, lines(t, filepath.Join(dir, "pids")), 1)
			require.Equal(t, []string{"ended"}, lines(t, filepath.Join(dir, "ended")))
		})
	}
}

func TestPersistentFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, reply, cause string
		processes          int // that are started for 3 questions, of which the second goes wrong
	}{
		{"crash", `if test $id = 2; then echo oops >&2; exit 3; fi; answer`, "exit code 3", 2},
		{"signal", `if test $id = 2; then kill -SEGV $$; fi; answer`, "ended by signal SIGSEGV", 2},
		{"end without an answer", `if test $id = 2; then echo nothing; exit 0; fi; answer`, "no answer: the program ended without one", 2},
		{"failure", `if test $id = 2; then echo "{\"id\": 2, \"failed\": \"no mesh\"}"; else answer; fi`, "the evaluator reports: no mesh", 1},
		{"no id", `if test $id = 2; then echo '{"values": {"f": 1, "g": 2}}'; else answer; fi`, `malformed answer: it has no "id", and a program that answers more than once has to say what it answers`, 1},
		{"broken off", `if test $id = 2; then echo '{"id": 2, "values": {"f": 1'; else answer; fi`, "malformed answer: it breaks off", 1},
		{"NaN", `if test $id = 2; then a=NaN; fi; answer`, "the value of f is NaN", 1},
		{"ends of its own accord", `answer; exit 0`, "", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := persistent(t, c.reply)
			history := evaluatePoints(t, dir, 3, Options{})
			require.Equal(t, c.cause, history[1].Cause)
			require.Empty(t, history[0].Cause)
			require.Empty(t, history[2].Cause)
			require.Len(t, lines(t, filepath.Join(dir, "pids")), c.processes)
			if c.name == "crash" {
				require.Equal(t, "oops\n", history[1].Stderr)
			}
		})
	}
}

// A question that is not answered in time costs the process and what it started;
// the next question has a new one.
func TestPersistentTimeout(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"in process": {}, "shim": {Shim: shim()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := persistent(t, `
	if test $id = 2; then trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo $! >> "$SBO_STUDY_DIR/pids"; wait; fi
	answer`, "timeout: 1s")
			history := evaluatePoints(t, dir, 3, o)
			require.Equal(t, "timeout after 1s", history[1].Cause)
			require.Empty(t, history[0].Cause)
			require.Empty(t, history[2].Cause)
			pids := lines(t, filepath.Join(dir, "pids"))
			require.Len(t, pids, 3) // first process, its child, second process
			for _, pid := range pids {
				requireGone(t, pid)
			}
		})
	}
}

// A program that keeps its answers to itself is told apart from a slow one.
func TestPersistentThatDoesNotFlush(t *testing.T) {
	t.Parallel()
	dir := persistent(t, `answer > /dev/null`, "timeout: 500ms")
	history := evaluatePoints(t, dir, 1, Options{})
	require.Equal(t, "timeout after 500ms, without a line from the program: does it read line by line, and flush what it writes?", history[0].Cause)
}

// When the process of the study is killed, so are its workers, with what they
// started, and the answers that are missing are asked for again.
func TestPersistentLeavesNoOrphans(t *testing.T) {
	t.Parallel()
	dir := persistent(t, `
	if test -e "$SBO_STUDY_DIR/go"; then answer; continue; fi
	(trap '' TERM; while :; do sleep 1; done) & echo $! >> "$SBO_STUDY_DIR/pids"
	wait`)
	cmd := walker(t, dir)
	require.NoError(t, cmd.Start())
	file := filepath.Join(dir, "pids")
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(file)
		return strings.Count(string(text), "\n") == 6 // three workers, and a child of each
	}, 30*time.Second, 10*time.Millisecond)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	for _, pid := range lines(t, file) {
		requireGone(t, pid)
	}
	write(t, dir, "go", "")
	d, err := walk(t.Context(), dir, Options{Shim: shim(), Workers: 2})
	require.NoError(t, err)
	require.Equal(t, 16, d.Len())
	for i := range d.Len() {
		require.False(t, d.Failed(i))
	}
}

// A program that cannot be started is no fault of a point.
func TestPersistentThatCannotBeStarted(t *testing.T) {
	dir := persistent(t, "answer")
	write(t, dir, "drive.sh", "#!/no/such/interpreter\n")
	_, err := evaluate(t, dir, Options{}, 0, 0)
	require.ErrorContains(t, err, "cannot be started")
	require.Equal(t, Waiting, only(t, dir).State)
}

// A program that has gone silent is ended; one that writes, anywhere, is not.
func TestStall(t *testing.T) {
	t.Parallel()
	dir := external(t, `for i in 1 2 3 4 5 6; do sleep 0.1; echo $i >> residuals; done; sleep 1000`, "stall: 1s")
	started := time.Now()
	_, err := evaluate(t, dir, Options{}, 0, 0)
	require.NoError(t, err)
	require.Equal(t, "stalled: nothing was written for 1s", only(t, dir).Cause)
	require.GreaterOrEqual(t, time.Since(started), 3*time.Second/2)
	text, err := os.ReadFile(filepath.Join(only(t, dir).Dir, runFolder, "residuals"))
	require.NoError(t, err)
	require.Equal(t, "1\n2\n3\n4\n5\n6\n", string(text))
}
