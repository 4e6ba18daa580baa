package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Filters are run in front of the driver and behind it, with what it is given, too.
func TestDakotaFilters(t *testing.T) {
	t.Parallel()
	const (
		given  = `test "$1 $2 $PWD" = "$DAKOTA_PARAMETERS_FILE $DAKOTA_RESULTS_FILE $SBO_RUN_DIR" || exit 255; echo "$0" | sed 's/.*\///'; `
		before = given + `sed -n 's/ x1$//p' "$1" > deck`
		driver = given + `sed 's/.*/raw &/' deck > listing`
		after  = given + `sed 's/raw//; s/$/ 7/' listing > "$2"`
	)
	for _, c := range []struct {
		name, before, driver, after string
		settings                    string
		y                           []float64
		cause, note, ran            string
	}{
		{name: "all", before: before, driver: driver, after: after, y: []float64{1.5, 7}, ran: "before.sh driver.sh after.sh"},
		{
			name: "names elsewhere", before: before, driver: driver, after: `shift; ` + after,
			settings: `input_filter: [sh, before.sh, "{PARAMETERS}", "{RESULTS}", -v], output_filter: [sh, after.sh, -q]`,
			y:        []float64{1.5, 7}, ran: "before.sh driver.sh after.sh",
		},
		{name: "code before", before: before + "; exit 4", driver: driver, after: after + "; exit 5", y: []float64{1.5, 7}, note: "exit code 4 (the input filter), with complete results", ran: "before.sh driver.sh after.sh"},
		{name: "code within", before: before, driver: driver + "; exit 3", after: after, y: []float64{1.5, 7}, note: "exit code 3, with complete results", ran: "before.sh driver.sh after.sh"},
		{name: "code behind", before: before, driver: driver, after: "exit 5", cause: "exit code 5 (the output filter)", ran: "before.sh driver.sh"},
		{name: "failed before", before: before + "; exit 255", driver: driver, after: after, cause: "exit code 255 (the input filter)", ran: "before.sh"},
		{name: "failed within", before: before, driver: driver + "; exit 255", after: after, cause: "exit code 255", ran: "before.sh driver.sh"},
		{name: "signal behind", before: before, driver: driver, after: after + "; kill -SEGV $$", cause: "ended by signal SIGSEGV (the output filter)", ran: "before.sh driver.sh after.sh"},
		{name: "only behind", driver: `echo 1.5 > listing`, after: after, settings: "output_filter: [./after.sh]", y: []float64{1.5, 7}, ran: "after.sh"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.settings == "" {
				c.settings = "input_filter: [./before.sh], output_filter: [./after.sh]"
			}
			dir := filtered(t, c.before, c.driver, c.after, "dakota: {"+c.settings+"}")
			_, err := evaluate(t, dir, Options{}, 1.5, -2.25)
			require.NoError(t, err)
			e := only(t, dir)
			require.Equal(t, c.cause, e.Cause)
			if c.note != "" {
				require.Contains(t, e.Note, c.note)
			}
			require.Equal(t, c.y, e.Y)
			printed, err := os.ReadFile(filepath.Join(e.Dir, stdoutFile))
			require.NoError(t, err)
			require.Equal(t, c.ran, strings.Join(strings.Fields(string(printed)), " "))
		})
	}
}

// filtered is a study for a driver with filters.
func filtered(t *testing.T, before, driver, after string, settings ...string) string {
	t.Helper()
	dir := dakotaStudy(t, driver, settings...)
	write(t, dir, "before.sh", "#!/bin/sh\n"+before)
	write(t, dir, "after.sh", "#!/bin/sh\n"+after)
	return dir
}

// The time is for the driver and its filters together, also in a process of their own.
func TestTimeOfDakotaFilters(t *testing.T) {
	t.Parallel()
	dir := filtered(t, "sleep 0.2", "echo 1 2 > $2", "exec sleep 60",
		"timeout: 1s", "dakota: {input_filter: [./before.sh], output_filter: [./after.sh]}")
	_, err := evaluate(t, dir, Options{Shim: shim()}, 0, 0)
	require.NoError(t, err)
	e := only(t, dir)
	require.Equal(t, "timeout after 1s (the output filter)", e.Cause)
	require.InDelta(t, 1, e.Seconds, 0.9)

	require.NoError(t, os.Remove(filepath.Join(dir, "after.sh")))
	_, err = Open(t.Context(), dir, Options{})
	require.ErrorContains(t, err, "there is no program ./after.sh")
}
