package study

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// away is a driver that, once, at its fourth call, takes the folder of the study away,
// as a share does that is lost: what is left is an empty mount point.
const away = `
echo x >> "$SBO_STUDY_DIR/count"
if test "$(wc -l < "$SBO_STUDY_DIR/count")" -ge 4 && mkdir "$SBO_STUDY_DIR/taken" 2> /dev/null; then
	mv "$SBO_STUDY_DIR" "$SBO_STUDY_DIR.away" && mkdir "$SBO_STUDY_DIR"
fi
` + constant

// onlyDesign makes the study of external one that ends with its design.
func onlyDesign(t *testing.T, dir string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, FileName), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = io.WriteString(f, "design: {samples: 8}\nbudget: {evaluations: 8}\n")
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func TestLostFolder(t *testing.T) {
	for name, o := range map[string]Options{"in process": {}, "shim": {Shim: shim()}, "several": {Shim: shim(), Workers: 3}} {
		t.Run(name, func(t *testing.T) {
			dir := external(t, away)
			onlyDesign(t, dir)
			s, err := Open(t.Context(), dir, o)
			require.NoError(t, err)
			r, err := s.Run(t.Context())
			var lost *FolderError
			require.ErrorAs(t, err, &lost)
			require.Equal(t, dir, lost.Dir)
			require.ErrorContains(t, err, filepath.Join(dir, folder)+" is gone: it was moved or deleted")
			require.Equal(t, Broken, r.Stopped)
			require.Contains(t, r.Why, "is gone")
			require.Zero(t, r.Evaluations.Failed, "none has failed of that")
			require.NoDirExists(t, filepath.Join(dir, folder), "nothing is put into the mount point")

			require.NoError(t, os.RemoveAll(dir)) // the other drivers may have counted there
			require.NoError(t, os.Rename(dir+".away", dir))
			answered := 0
			for _, e := range evaluations(t, dir) {
				if e.State == Done {
					answered++
				}
			}
			before := len(lines(t, filepath.Join(dir, "count")))
			r, err = s.Run(t.Context())
			require.NoError(t, err)
			require.Equal(t, 8, r.Evaluations.Total)
			require.Zero(t, r.Evaluations.Failed)
			require.LessOrEqual(t, len(lines(t, filepath.Join(dir, "count"))), before+8-answered, "none with an answer is repeated")
		})
	}
}

// A deleted folder is noticed also by a run that has no more to evaluate.
func TestDeletedFolder(t *testing.T) {
	dir := external(t, constant)
	onlyDesign(t, dir)
	s, err := Open(t.Context(), dir, Options{Progress: func(e Event) {
		if e.Kind == EventStopped {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, folder)))
		}
	}})
	require.NoError(t, err)
	_, err = s.Run(t.Context())
	var lost *FolderError
	require.ErrorAs(t, err, &lost)
	require.NoDirExists(t, filepath.Join(dir, folder))
}

func TestTroubleOfAFolder(t *testing.T) {
	dir := t.TempDir()
	home, err := os.Stat(dir)
	require.NoError(t, err)
	failed := func(err error) error { return fmt.Errorf("study: %w", &os.PathError{Op: "mkdir", Path: dir, Err: err}) }
	require.Empty(t, troubleOf(dir, home, nil))
	require.Empty(t, troubleOf(dir, home, failed(syscall.ENOTDIR)), "something else is wrong")
	require.Equal(t, folderReadOnly, troubleOf(dir, home, failed(syscall.EROFS)))
	require.Equal(t, diskIsFull, troubleOf(dir, home, failed(syscall.ENOSPC)))
	require.Equal(t, diskIsFull, troubleOf(dir, home, failed(syscall.EDQUOT)))
	require.Equal(t, folderGone, troubleOf(filepath.Join(dir, "none"), home, nil))
	require.Equal(t, folderGone, troubleOf(t.TempDir(), home, failed(syscall.ESTALE)), "it is another")
	require.Empty(t, troubleOf(t.TempDir(), home, nil), "but it works")
	require.False(t, diskFull("/proc"), "it has no blocks to be full of")
}
