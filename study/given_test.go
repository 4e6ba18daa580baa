package study

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

func TestRanges(t *testing.T) {
	for text, ids := range map[string][]int{"1": {1}, "1-3,5,7-8": {1, 2, 3, 5, 7, 8}} {
		require.Equal(t, text, rangesText(ids))
		back, err := parseRanges(text)
		require.NoError(t, err)
		require.Equal(t, ids, back)
	}
	_, err := parseRanges("1-x")
	require.Error(t, err)
}

func TestSamplesStandInForTheDesign(t *testing.T) {
	box := sbo.Box{Lower: []float64{0, 0}, Upper: []float64{1, 10}}
	x := []float64{0.1, 1, 0.5, 5, 0.9, 9}
	at := func(rows ...[]float64) sbo.Data {
		d := sbo.NewData(2, 1, len(rows))
		for i, row := range rows {
			copy(d.Point(i), row)
			d.Responses(i)[0] = row[2]
		}
		return d
	}
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		at     sbo.Data
		expect []float64
	}{
		{"none", at(), x},
		{"nearest by the width of the box", at([]float64{0.6, 7.5, 1}), []float64{0.1, 1, 0.9, 9}},
		{"one of its own", at([]float64{0.5, 5, 1}), []float64{0.1, 1, 0.9, 9}},
		{"one of its own that failed", at([]float64{0.5, 5, nan}), []float64{0.1, 1, 0.9, 9}},
		{"failed", at([]float64{0.45, 9, nan}), x},
		{"outside", at([]float64{0.45, 11, 1}), x},
		{"more than enough", at([]float64{0, 0, 1}, []float64{0, 1, 1}, []float64{0, 2, 1}, []float64{0, 3, 1}), nil},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.expect, remaining(x, box, c.at)) })
	}
}

// A study with samples from elsewhere evaluates less of its design, spends no budget
// on them, is resumed with the same result, and does not take a point outside of its
// bounds for the best.
func TestRunWithImportedSamples(t *testing.T) {
	t.Parallel()
	dir := small(t, external(t, bowl))
	s, err := Open(t.Context(), dir, Options{Budget: 12})
	require.NoError(t, err)
	sample := func(a, b float64) Answer {
		return Answer{X: []float64{a, b}, Y: bowlAt(Question{X: []float64{a, b}}).Y}
	}
	told, err := s.Import(t.Context(), []Answer{sample(-0.9, 0.1), sample(0.2, 1.9), sample(-4, 3), {X: []float64{0.1, 3}, Y: []float64{-100, 0}}}, false)
	require.NoError(t, err)
	require.Equal(t, 2, told.Outside)
	r, err := s.Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, 4, r.Evaluations.Imported)
	require.LessOrEqual(t, r.Evaluations.Total, 12)
	require.Equal(t, r.Data.Len(), r.Evaluations.Total+4)
	design := 0
	for _, e := range r.History[4:] {
		if e.Phase == phaseDesign {
			design++
		}
	}
	require.Equal(t, s.Plan().Design.Samples-2, design)
	require.InDeltaSlice(t, []float64{0.25, 0.5}, r.Best.X, 0.05)
	again, err := s.Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, bits(r), bits(again))
	replayed, err := s.Replay(t.Context())
	require.NoError(t, err)
	require.Equal(t, bits(r), bits(replayed))
	status, err := s.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, r.Best.ID, status.Best.ID)
}

// With other limits or bounds, every answer there is serves on: only what is new is
// evaluated.
func TestChangedPlanUsesEveryAnswer(t *testing.T) {
	t.Parallel()
	dir := small(t, external(t, bowl))
	first, err := runStudy(t, dir, Options{Budget: 20})
	require.NoError(t, err)
	before := starts(t, dir)
	replaceIn(t, dir, "upper: 1, partials", "upper: 0.8, partials") // g = 2a + 0.5
	var said []string
	second, err := runStudy(t, dir, Options{Budget: 30, Progress: func(e Event) {
		if e.Kind == EventChanged {
			said = append(said, e.Text)
		}
	}})
	require.NoError(t, err)
	require.Equal(t, []string{"since the last run: budget.evaluations: 20 -> 30", "since the last run: responses.g.upper: 1 -> 0.8"}, said)
	require.Equal(t, first.Data.X, second.Data.X[:len(first.Data.X)])
	require.InDelta(t, 0.15, second.Best.X[0], 1e-2)
	require.True(t, second.Best.Feasible)
	require.Equal(t, starts(t, dir), second.Evaluations.Total, "what was spent before counts")
	require.Less(t, starts(t, dir)-before, before, "no design again")

	replaceIn(t, dir, "upper: 2}", "upper: 0.4}") // b = 0.5 is outside now
	third, err := runStudy(t, dir, Options{Budget: 40})
	require.NoError(t, err)
	require.InDelta(t, 0.4, third.Best.X[1], 1e-3)
	require.Equal(t, second.Data.X, third.Data.X[:len(second.Data.X)])
}

// A database of an earlier version is read as it is, and brought up to date by the
// first that writes.
func TestDatabaseOfEarlierVersion(t *testing.T) {
	t.Run("1", func(t *testing.T) {
		earlier(t, "DROP TABLE wanted; DROP TABLE asked; DROP TABLE given; DROP TABLE withdrawn; PRAGMA user_version = 1")
	})
	t.Run("2", func(t *testing.T) { earlier(t, "DROP TABLE withdrawn; PRAGMA user_version = 2") })
}

func earlier(t *testing.T, restore string) {
	t.Helper()
	dir := external(t, constant)
	_, err := evaluate(t, dir, Options{}, 0, 0)
	require.NoError(t, err)
	s, err := createStore(t.Context(), dir)
	require.NoError(t, err)
	_, err = s.db.ExecContext(t.Context(), restore)
	require.NoError(t, err)
	require.NoError(t, s.close())
	reader, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	history, err := reader.History(t.Context())
	require.NoError(t, err)
	require.Len(t, history, 1)
	_, err = reader.Replay(t.Context())
	require.NoError(t, err)
	_, err = evaluate(t, dir, Options{}, 0, 0)
	require.NoError(t, err)
	_, err = os.Stat(filepath.Join(dir, folder, databaseFile))
	require.NoError(t, err)
	s, err = createStore(t.Context(), dir)
	require.NoError(t, err)
	var version int
	require.NoError(t, s.db.QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&version))
	require.NoError(t, s.close())
	require.Equal(t, schemaVersion, version)
}
