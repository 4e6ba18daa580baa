package study

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo"
)

// Imported is the [Evaluation.Reason] of a sample that the study did not ask for: it
// came by [Study.Import], or was told unasked. It is data like any other, but costs
// no budget.
const Imported = "imported"

// altersCourse reports whether a change makes the course another one from its start,
// which then begins with every answer there is. A larger budget or other workers go on
// with the course as it was; another seed is asked for to have another course.
func altersCourse(change string) bool {
	for _, harmless := range []string{"study:", "seed:", "evaluator.", "budget."} {
		if strings.HasPrefix(change, harmless) {
			return false
		}
	}
	return true
}

// given returns the evaluations whose answers an epoch began with.
func (s *store) given(ctx context.Context, epoch int) ([]int, error) {
	var text string
	err := s.db.QueryRowContext(ctx, "SELECT ids FROM given WHERE epoch = ?", epoch).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	var ids []int
	if err == nil {
		ids, err = parseRanges(text)
	}
	return ids, s.fault("read", err)
}

// latestGiven is given for the latest epoch, also of a database of version 1, which
// has none.
func (s *store) latestGiven(ctx context.Context) ([]int, error) {
	var version, epoch int
	err := s.db.QueryRowContext(ctx, "SELECT (SELECT user_version FROM pragma_user_version), coalesce(max(id), 0) FROM epochs").Scan(&version, &epoch)
	if err != nil || version < 2 {
		return nil, s.fault("read", err)
	}
	return s.given(ctx, epoch)
}

// answered returns the evaluations that have an answer.
func (s *store) answered(ctx context.Context) ([]int, error) {
	return s.ids(ctx, "SELECT evaluation FROM answers ORDER BY evaluation")
}

// imported counts the samples from elsewhere that are not among the given ones.
func (s *store) imported(ctx context.Context, given []int) (int, error) {
	ids, err := s.ids(ctx, "SELECT e.id FROM evaluations e JOIN answers a ON a.evaluation = e.id WHERE e.reason = ? ORDER BY e.id", Imported)
	fresh := 0
	for _, id := range ids {
		if _, known := slices.BinarySearch(given, id); !known {
			fresh++
		}
	}
	return fresh, err
}

func (s *store) ids(ctx context.Context, query string, arguments ...any) ([]int, error) {
	rows, err := s.db.QueryContext(ctx, query, arguments...)
	if err != nil {
		return nil, s.fault("read", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	var ids []int
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return nil, s.fault("read", err)
		}
		ids = append(ids, id)
	}
	return ids, s.fault("read", rows.Err())
}

// rangesText writes ascending numbers as in 1-40,57.
func rangesText(ids []int) string {
	var parts []string
	for i := 0; i < len(ids); {
		end := i
		for end+1 < len(ids) && ids[end+1] == ids[end]+1 {
			end++
		}
		if end == i {
			parts = append(parts, strconv.Itoa(ids[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", ids[i], ids[end]))
		}
		i = end + 1
	}
	return strings.Join(parts, ",")
}

// parseRanges reads what rangesText wrote.
func parseRanges(text string) ([]int, error) {
	var ids []int
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		first, err := strconv.Atoi(from)
		last, also := strconv.Atoi(to)
		if err = errors.Join(err, also); err != nil {
			return nil, fmt.Errorf("%q is no list of evaluations: %w", text, err)
		}
		for id := first; id <= last; id++ {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// recall returns the samples that a course begins with, in the order of ids, and how
// many of them the study did not evaluate itself.
func (m *memo) recall(ctx context.Context, given []int) (d sbo.Data, imported int, err error) {
	d = sbo.NewData(m.nx, m.ny, 0)
	if len(given) == 0 {
		return d, 0, nil
	}
	rows, err := m.store.db.QueryContext(ctx, `SELECT e.id, e.key, e.reason, a.y, a.partials
		FROM evaluations e JOIN answers a ON a.evaluation = e.id ORDER BY e.id`)
	if err != nil {
		return d, 0, m.store.fault("read", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	for rows.Next() {
		var (
			id               int
			key              []byte
			reason           string
			y, partials      sql.NullString
			values, dydx     []float64
			unknown, unasked = math.NaN(), 0
		)
		if err := rows.Scan(&id, &key, &reason, &y, &partials); err != nil {
			return d, 0, m.store.fault("read", err)
		}
		if _, wanted := slices.BinarySearch(given, id); !wanted {
			continue
		}
		if reason == Imported {
			unasked = 1
		}
		if err := placed(id, readNumbers(&values, y), readNumbers(&dydx, partials)); err != nil {
			return d, 0, m.store.fault("read", err)
		}
		if values == nil {
			values = slices.Repeat([]float64{unknown}, m.ny)
		}
		d.X, d.Y, d.Partials = append(d.X, pointOf(key)...), append(d.Y, values...), append(d.Partials, masked(dydx, m.mask)...)
		imported += unasked
	}
	return d, imported, m.store.fault("read", rows.Err())
}

// bestInside returns the index of the best sample within the bounds, -1 if none is known.
func bestInside(p sbo.Problem, d sbo.Data) int {
	best, box := -1, p.Box()
	for i := range d.Len() {
		y := d.Responses(i)
		if !math.IsNaN(p.Cost(y)) && box.Contains(d.Point(i)) && (best < 0 || p.Better(y, d.Responses(best))) {
			best = i
		}
	}
	return best
}

// remaining returns the points of a design that are left to be evaluated when samples
// are at hand: a point that is one of them is not asked again, and every other sample
// of the box takes the place of the design's point that is nearest to it.
func remaining(x []float64, box sbo.Box, at sbo.Data) []float64 {
	rest := slices.Collect(slices.Chunk(x, box.Dim()))
	known, planned := map[string]bool{}, map[string]bool{}
	for i := range at.Len() {
		known[string(keyOf(at.Point(i)))] = true
	}
	for _, p := range rest {
		planned[string(keyOf(p))] = true
	}
	rest = slices.DeleteFunc(rest, func(p []float64) bool { return known[string(keyOf(p))] })
	for i := range at.Len() {
		if len(rest) == 0 {
			return nil
		}
		if planned[string(keyOf(at.Point(i)))] || at.Failed(i) || !box.Contains(at.Point(i)) {
			continue
		}
		u := box.Unit(nil, at.Point(i))
		nearest, least := 0, math.Inf(1)
		for k, p := range rest {
			distance := 0.0
			for j, v := range box.Unit(nil, p) {
				distance += (v - u[j]) * (v - u[j])
			}
			if distance < least {
				nearest, least = k, distance
			}
		}
		rest = slices.Delete(rest, nearest, nearest+1)
	}
	return slices.Concat(rest...)
}
