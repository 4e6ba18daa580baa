package study

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// slow is a driver that logs its start, takes its time, fails at some points,
// and logs its end as the last thing it does.
const slow = `
id=$(sed 's/.*"id": \([0-9]*\).*/\1/' "$SBO_REQUEST")
echo "$id" >> "$SBO_STUDY_DIR/starts"
sleep 0.0$((id % 7 + 2))
a=$(sed 's/.*"a": \([^,}]*\).*/\1/' "$SBO_REQUEST")
b=$(sed 's/.*"b": \([^,}]*\).*/\1/' "$SBO_REQUEST")
if test $((id % 5)) -eq 4; then echo "{\"failed\": \"every fifth fails\"}"; else
awk "BEGIN { a = $a; b = $b; printf \"{\\\"values\\\": {\\\"f\\\": %.17g, \\\"g\\\": %.17g}, \\\"partials\\\": {\\\"f\\\": {\\\"a\\\": %.17g}}}\n\", a*a + b, a - b, 2*a }"
fi
echo "$id" >> "$SBO_STUDY_DIR/ends"
`

// TestKilledAtAnyMoment kills the process that runs a study again and again, and
// compares what comes of it with an undisturbed run.
//
// That no evaluation is repeated can be proved here, and not only made likely:
// the driver's process outlives the run, so it is started once for every
// evaluation, and ends once, whatever moment the kill comes at.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	undisturbed := external(t, slow)
	expected, err := walk(t.Context(), undisturbed, Options{})
	require.NoError(t, err)

	dir := external(t, slow)
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0)) // another moment each time
	kills := 0
	for range 40 {
		cmd := walker(t, dir)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		require.NoError(t, cmd.Start())
		timer := time.AfterFunc(time.Duration(rng.IntN(200))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		if timer.Stop(); err == nil {
			break
		}
		require.EqualError(t, err, "signal: killed", stderr.String())
		kills++
	}
	require.Positive(t, kills, "the run ended before it could be killed")
	t.Logf("killed %d times", kills)

	result, err := walk(t.Context(), dir, Options{Shim: shim()})
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(expected), fmt.Sprint(result))
	require.Equal(t, memory(t, undisturbed), memory(t, dir))
	for _, file := range []string{"starts", "ends"} {
		counts := map[string]int{}
		text, err := os.ReadFile(filepath.Join(dir, file))
		require.NoError(t, err)
		for id := range strings.FieldsSeq(string(text)) {
			counts[id]++
			require.Equal(t, 1, counts[id], "%s of evaluation %s", file, id)
		}
		require.Len(t, counts, expected.Len())
	}
}

// memory lists what a study remembers, but for times and folders.
func memory(t *testing.T, dir string) []string {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	history, err := s.History(t.Context())
	require.NoError(t, err)
	var list []string
	for _, e := range history {
		list = append(list, fmt.Sprint(e.ID, numbersText(e.X), e.State, numbersText(e.Y), numbersText(e.Partials), e.Phase, e.Round, e.Cause))
	}
	return list
}

func TestWorkersDoNotMatter(t *testing.T) {
	t.Parallel()
	var expected []string
	for _, workers := range []int{1, 2, 8} {
		dir := external(t, slow)
		_, err := walk(t.Context(), dir, Options{Workers: workers})
		require.NoError(t, err)
		if expected == nil {
			expected = memory(t, dir)
		}
		require.Len(t, expected, 16)
		require.Equal(t, expected, memory(t, dir))
	}
}

// TestEverythingButTheDatabaseMayGo deletes the rest of the folder, also after a
// kill, when SQLite has had no chance to tidy up.
func TestEverythingButTheDatabaseMayGo(t *testing.T) {
	t.Parallel()
	// From the ninth on, evaluations take so long that the run waits for them,
	// and writes nothing, when it is killed.
	dir := external(t, slow+`test "$id" -le 8 || sleep 0.3`)
	cmd := walker(t, dir)
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool {
		starts, _ := os.ReadFile(filepath.Join(dir, "starts"))
		return strings.Count(string(starts), "\n") == 10
	}, 30*time.Second, time.Millisecond)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	before := memory(t, dir)[:8]
	files, err := filepath.Glob(filepath.Join(dir, folder, "*"))
	require.NoError(t, err)
	for _, file := range files {
		if filepath.Base(file) != databaseFile {
			require.NoError(t, os.RemoveAll(file))
		}
	}
	after := memory(t, dir)
	require.Len(t, after, 10)
	require.Equal(t, before, after[:8])
	for _, line := range after[:8] {
		require.NotContains(t, line, Waiting)
	}
	result, err := walk(t.Context(), dir, Options{})
	require.NoError(t, err)
	require.Equal(t, 16, result.Len())
}
