package study

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Only failures that are alike count, and only in a row; numbers in the cause do not
// make a difference.
func TestRow(t *testing.T) {
	r := row{limit: 3}
	for i, c := range []struct {
		cause string
		over  bool
	}{
		{"diverged at step 1", false},
		{"diverged at step 20", false},
		{"exit code 1", false},
		{"exit code 1", false},
		{"exit code 2", true},
		{"exit code 1", true}, // of those that end together
		{"", false},           // from here on, twice as many
		{"exit code 1", false},
		{"exit code 1", false},
		{"exit code 1", false},
		{"exit code 1", false},
		{"exit code 1", false},
		{"exit code 1", true},
	} {
		require.Equal(t, c.over, r.add(answer{id: i + 1, failed: c.cause}), "%d", i)
	}
	none := row{}
	for range 100 {
		require.False(t, none.add(answer{failed: "exit code 1"}))
	}
}

// What failed alike is asked again, with all its retries; what failed before that for
// other causes is remembered.
func TestFailuresInARowAreTriedAgain(t *testing.T) {
	t.Parallel()
	dir := external(t, `
id=$(sed 's/.*"id": \([0-9]*\).*/\1/' "$SBO_REQUEST")
if test $id = 2; then echo '{"failed": "no mesh"}'; exit; fi
if test $id -gt 3 && ! test -e "$SBO_STUDY_DIR/license"; then echo "no license" >&2; exit 3; fi
echo '{"values": {"f": 1, "g": 2}}'`, "failures_in_a_row: 2", "retries: 1")
	var x []float64
	for i := range 12 {
		x = append(x, float64(i)/20, 1)
	}
	_, err := evaluate(t, dir, Options{}, x...)
	var failing *FailingError
	require.ErrorAs(t, err, &failing)
	require.Equal(t, 4, failing.Count)
	require.Equal(t, 7, failing.Example.ID)
	require.Equal(t, "exit code 3", failing.Example.Cause)
	require.ErrorContains(t, err, "no license")
	require.DirExists(t, failing.Example.Dir)

	states := func() (s []State) {
		s1, err := Open(t.Context(), dir, Options{})
		require.NoError(t, err)
		history, err := s1.History(t.Context())
		require.NoError(t, err)
		for _, e := range history {
			s = append(s, e.State)
		}
		return s
	}
	require.Equal(t, []State{Done, Failed, Done, Waiting, Waiting, Waiting, Waiting}, states()[:7])
	write(t, dir, "license", "")
	d, err := evaluate(t, dir, Options{}, x...)
	require.NoError(t, err)
	require.Equal(t, 12, d.Len())
	require.Equal(t, []State{Done, Failed, Done, Done, Done, Done, Done, Done, Done, Done, Done, Done}, states())
}
