package study

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// constant is a driver that answers at once.
const constant = `echo '{"values": {"f": 1, "g": 0.5}, "partials": {"f": {"a": 3}}}'`

func TestForeignDatabasesAreLeftAlone(t *testing.T) {
	database := func(statements string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			db, err := sql.Open("sqlite", path)
			require.NoError(t, err)
			_, err = db.ExecContext(t.Context(), statements)
			require.NoError(t, err)
			require.NoError(t, db.Close())
		}
	}
	for _, c := range []struct {
		name   string
		spoil  func(t *testing.T, path string)
		expect string
	}{
		{"text", func(t *testing.T, path string) {
			t.Helper()
			write(t, filepath.Dir(path), filepath.Base(path), "my notes, and not a database at all")
		}, "is not a SQLite database"},
		{"other program", database("CREATE TABLE notes (text); PRAGMA application_id = 7"), "is the database of another program"},
		{"newer", database(fmt.Sprintf("CREATE TABLE x (y); PRAGMA application_id = %d; PRAGMA user_version = 99", applicationID)), "was written by a newer sbo"},
		{"torn", func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.Truncate(path, 9000))
		}, "is damaged"},
		{"overwritten in the middle", func(t *testing.T, path string) {
			t.Helper()
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			for page := 2; page*4096 < len(text); page++ {
				copy(text[page*4096:], strings.Repeat("garbage ", 100))
			}
			require.NoError(t, os.WriteFile(path, text, 0o600))
		}, "is damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := external(t, constant)
			path := filepath.Join(dir, folder, databaseFile)
			if c.name == "torn" || strings.HasPrefix(c.name, "overwritten") {
				_, err := evaluate(t, dir, Options{}, 0, 0, 0, 1)
				require.NoError(t, err)
			} else {
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			}
			c.spoil(t, path)
			before, err := os.ReadFile(path)
			require.NoError(t, err)
			_, err = evaluate(t, dir, Options{}, 0, 0)
			require.ErrorContains(t, err, c.expect)
			require.ErrorContains(t, err, path)
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			require.True(t, bytes.Equal(before, after))
			s, err := Open(t.Context(), dir, Options{})
			require.NoError(t, err)
			if c.name != "overwritten in the middle" { // a reader may not come by the damage
				_, err = s.History(t.Context())
				require.ErrorContains(t, err, c.expect)
			}
		})
	}
}

func TestFullDisk(t *testing.T) {
	dir := external(t, constant)
	_, err := evaluate(t, dir, Options{}, 0, 0)
	require.NoError(t, err)
	s, err := createStore(t.Context(), dir)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.close()) }()
	var pages int
	require.NoError(t, s.db.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages))
	_, err = s.db.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	require.NoError(t, err)
	var x []float64
	for i := range 1000 {
		x = append(x, 1, float64(i))
	}
	_, err = s.ask(t.Context(), x, 2, phaseDesign, 0, 1)
	require.ErrorContains(t, err, "is full")
	require.ErrorContains(t, err, s.path)
	ids, err := s.ask(t.Context(), []float64{0, 0}, 2, phaseDesign, 0, 1) // what is stored is still there
	require.NoError(t, err)
	require.Equal(t, []int{1}, ids)
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	dir := external(t, constant)
	write(t, dir, folder, "a file where the folder should be")
	_, err := evaluate(t, dir, Options{}, 0, 0)
	require.ErrorContains(t, err, filepath.Join(dir, folder))
}

// TestOtherStudyFile changes the study file under stored answers: what gives the
// numbers their meaning must stay, all else may change.
func TestOtherStudyFile(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		was, now       string // empty: allowed
	}{
		{name: "variable renamed", from: "name: b,", to: "name: beta,", was: "variables a, b", now: "variables a, beta"},
		{name: "response renamed", from: "name: g,", to: "name: h,", was: "responses f, g", now: "responses f, h"},
		{name: "other evaluator", from: "command: [./drive.sh]", to: "problem: rosenbrock", was: "evaluator command"},
		{name: "bounds", from: "upper: 2", to: "upper: 3"},
		{name: "limit", from: "upper: 1, partials", to: "upper: 0.5, partials"},
		{name: "partials", from: "partials: [a]", to: "partials: true"},
		{name: "settings", from: "study: test", to: "study: other\nseed: 7\nbudget: {evaluations: 500}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := external(t, constant)
			_, err := evaluate(t, dir, Options{}, 0, 0)
			require.NoError(t, err)
			text, err := os.ReadFile(filepath.Join(dir, FileName))
			require.NoError(t, err)
			require.Contains(t, string(text), c.from)
			write(t, dir, FileName, strings.ReplaceAll(string(text), c.from, c.to))
			if c.was == "" {
				d, err := evaluate(t, dir, Options{}, 0, 0)
				require.NoError(t, err)
				require.Equal(t, []float64{1, 0.5}, d.Y)
				require.Equal(t, 1, only(t, dir).Attempts)
				return
			}
			if c.name == "other evaluator" {
				write(t, dir, FileName, strings.ReplaceAll(strings.ReplaceAll(string(text), c.from, c.to), "  - {name: g, upper: 1, partials: [a]}\n", ""))
			}
			_, err = evaluate(t, dir, Options{}, 0, 0)
			var mismatch *MismatchError
			require.ErrorAs(t, err, &mismatch)
			require.Contains(t, mismatch.Was, c.was)
			if c.now != "" {
				require.Equal(t, []string{c.now}, mismatch.Now)
			}
		})
	}
}

func TestChangedPlanIsJournaled(t *testing.T) {
	dir := external(t, constant)
	var told []string
	o := Options{Progress: func(e Event) {
		if e.Kind == EventChanged {
			told = append(told, e.Text)
		}
	}}
	_, err := evaluate(t, dir, o, 0, 0)
	require.NoError(t, err)
	require.Empty(t, told)
	o.Budget = 250
	for range 2 {
		_, err = evaluate(t, dir, o, 0, 0)
		require.NoError(t, err)
	}
	require.Equal(t, []string{"since the last run: budget.evaluations: 100 -> 250"}, told)
	s, err := readStore(t.Context(), dir)
	require.NoError(t, err)
	plan, epoch, _, err := s.latestPlan(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.close())
	require.Equal(t, 2, epoch)
	require.Equal(t, 250, plan.Budget.Evaluations)
}

func TestSecondProcessIsTold(t *testing.T) {
	dir := external(t, slow)
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	c, err := s.start(t.Context())
	require.NoError(t, err)
	_, err = c.memo.batch(t.Context(), []float64{0, 0}, phaseDesign, 0)
	require.NoError(t, err)

	output, err := walker(t, dir).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(output), fmt.Sprintf("is being run by process %d on ", os.Getpid()))
	status, err := s.Status(t.Context()) // reading is free
	require.NoError(t, err)
	require.Equal(t, os.Getpid(), status.Holder.PID)
	require.Equal(t, 1, status.Evaluations.Done)

	require.NoError(t, c.end())
	status, err = s.Status(t.Context())
	require.NoError(t, err)
	require.Nil(t, status.Holder)
	_, err = evaluate(t, dir, Options{}, 0, 0)
	require.NoError(t, err)
}

// TestSamplesView reads the store as other tools would: with SQL, by name.
func TestSamplesView(t *testing.T) {
	dir := external(t, answered)
	_, err := evaluate(t, dir, Options{}, 0.1, math.Pi/2)
	require.NoError(t, err)
	db, err := sql.Open("sqlite", filepath.Join(dir, folder, databaseFile))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM samples")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	columns, err := rows.Columns()
	require.NoError(t, err)
	require.Equal(t, []string{"id", "a", "b", "f", "g", "df_da", "df_db", "dg_da", "phase", "round", "reason", "state", "cause", "seconds"}, columns)
	require.True(t, rows.Next())
	values := make([]any, len(columns))
	pointers := make([]any, len(columns))
	for i := range values {
		pointers[i] = &values[i]
	}
	require.NoError(t, rows.Scan(pointers...))
	require.Equal(t, []any{int64(1), 0.1, math.Pi / 2, 0.1, math.Pi / 2, 1.0, 0.0, 0.0, "design", int64(0), "", "done", nil}, values[:13])
	require.NoError(t, rows.Err())
}

func TestNumbersKeepTheirBits(t *testing.T) {
	x := []float64{0, math.Copysign(0, -1), 1, -1.5, 0.1, 1e-320, math.MaxFloat64, math.SmallestNonzeroFloat64, 1e21, 123456789, math.NaN()}
	back, err := parseNumbers(numbersText(x))
	require.NoError(t, err)
	require.Equal(t, keyOf(x), keyOf(back))
	require.Equal(t, keyOf(x), keyOf(pointOf(keyOf(x))))
	require.Equal(t, "[0.0,-0.0,1.0,null]", numbersText([]float64{0, math.Copysign(0, -1), 1, math.Inf(1)}))
	for _, text := range []string{"", "[", "1", "[1,]", "[x]"} {
		_, err := parseNumbers(text)
		require.Error(t, err, text)
	}
}

// TestThroughput holds the memo to its promise that it costs little: 1000 points
// of a built-in problem.
func TestThroughput(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, FileName, `
variables: [{name: x1, lower: -2, upper: 2}, {name: x2, lower: -2, upper: 2}]
responses: [{name: f, minimize: true}]
evaluator: {problem: rosenbrock}
`)
	x := make([]float64, 2000)
	for i := range x {
		x[i] = float64(i) / 1000
	}
	for range 2 {
		d, err := evaluate(t, dir, Options{}, x...)
		require.NoError(t, err)
		require.Equal(t, 1000, d.Answered().Len())
		require.True(t, d.HasPartials())
	}
}

func TestReadingWithoutStudyFolder(t *testing.T) {
	dir := external(t, constant)
	s, err := Open(context.Background(), dir, Options{})
	require.NoError(t, err)
	history, err := s.History(t.Context())
	require.NoError(t, err)
	require.Empty(t, history)
	status, err := s.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, "new", status.Phase)
	require.NoDirExists(t, filepath.Join(dir, folder))
}
