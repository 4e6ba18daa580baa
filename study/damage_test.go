package study

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A record that a crash has torn is at the end of the write-ahead log or of the
// rollback journal: it is dropped, and every answer before it is there.
func TestTornRecordAtTheEnd(t *testing.T) {
	s := elsewhere(t)
	asked := ask(t, s, 4, AskOptions{})
	store, err := createStore(t.Context(), s.Dir())
	require.NoError(t, err)
	_, err = store.db.ExecContext(t.Context(), "PRAGMA wal_autocheckpoint = 0")
	require.NoError(t, err)
	for _, q := range asked.Questions {
		_, err = store.record(t.Context(), []answer{{id: q.ID, y: []float64{float64(q.ID), 0}}})
		require.NoError(t, err)
	}
	path := filepath.Join(s.Dir(), folder, databaseFile)
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, folder), 0o700))
	copied := filepath.Join(dir, folder, databaseFile)
	for _, end := range []string{"", "-wal"} { // as they are when the power fails
		text, err := os.ReadFile(path + end)
		require.NoError(t, err)
		if end == "-wal" {
			require.Greater(t, len(text), 5000)
			text = text[:len(text)-1000] // in the last page of the last answer
		}
		require.NoError(t, os.WriteFile(copied+end, text, 0o600))
	}
	require.NoError(t, store.close())

	torn, err := New(s.Plan(), dir, Options{})
	require.NoError(t, err)
	again := ask(t, torn, 9, AskOptions{})
	require.Len(t, again.Questions, 1)
	require.Equal(t, 4, again.Questions[0].ID)
	told, err := torn.Tell(t.Context(), []Answer{bowlAt(again.Questions[0])})
	require.NoError(t, err)
	require.Equal(t, 1, told.Answered)
	history, err := torn.History(t.Context())
	require.NoError(t, err)
	for i, e := range history[:3] {
		require.Equal(t, []float64{float64(i + 1), 0}, e.Y)
	}
}

// One that is damaged in the middle is told with its place, and nothing is changed.
func TestRecordDamagedInTheMiddle(t *testing.T) {
	s := elsewhere(t)
	asked := ask(t, s, 4, AskOptions{})
	_, err := s.Tell(t.Context(), []Answer{bowlAt(asked.Questions[0])})
	require.NoError(t, err)
	store, err := createStore(t.Context(), s.Dir())
	require.NoError(t, err)
	_, err = store.db.ExecContext(t.Context(), "UPDATE answers SET y = '[1.0,tw' WHERE evaluation = 1")
	require.NoError(t, err)
	require.NoError(t, store.close())
	_, err = s.History(t.Context())
	require.ErrorContains(t, err, `the answer of evaluation 1: "[1.0,tw" is no array of numbers`)
	require.ErrorContains(t, err, filepath.Join(s.Dir(), folder, databaseFile))
	_, err = s.Run(t.Context())
	require.ErrorContains(t, err, "the answer of evaluation 1")
}

// A full disk stops whoever writes with a sentence, and nothing that was stored is
// lost.
func TestTellOnAFullDisk(t *testing.T) {
	s := elsewhere(t)
	asked := ask(t, s, 1, AskOptions{})
	store, err := createStore(t.Context(), s.Dir())
	require.NoError(t, err)
	defer func() { require.NoError(t, store.close()) }()
	var pages int
	require.NoError(t, store.db.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages))
	_, err = store.db.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	require.NoError(t, err)
	_, err = store.db.ExecContext(t.Context(), "INSERT INTO events (at, kind, phase, round, text) VALUES ('', '', '', 0, ?)", string(make([]byte, 1<<20)))
	require.ErrorContains(t, store.fault("write", err), "is full; answers stored so far are safe: make room and run again")
	_, err = store.record(t.Context(), []answer{{id: asked.Questions[0].ID, y: []float64{1, 2}}})
	require.NoError(t, err, "what fits is stored")
	history, err := s.History(t.Context())
	require.NoError(t, err)
	require.Equal(t, Done, history[0].State)
}
