package study

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/sbo-go/sbo"
)

// schema is version 1. It keeps to what old SQLite libraries know (no STRICT
// tables, no -> operators), because the tools that people read it with are old.
const schema = `
-- What the answers are answers to: the names of variables and responses, the evaluator.
CREATE TABLE identity (
	name  TEXT PRIMARY KEY NOT NULL,
	value TEXT NOT NULL
);
-- The plans under which the study ran, the latest last.
CREATE TABLE epochs (
	id      INTEGER PRIMARY KEY,
	at      TEXT NOT NULL,
	version TEXT NOT NULL, -- of sbo
	plan    TEXT NOT NULL, -- JSON
	changes TEXT NOT NULL  -- since the epoch before, a line each
);
-- The points asked, in the order of the course.
CREATE TABLE evaluations (
	id        INTEGER PRIMARY KEY,
	key       BLOB NOT NULL UNIQUE, -- x as IEEE 754 doubles, most significant byte first
	x         TEXT NOT NULL,        -- the same as a JSON array
	phase     TEXT NOT NULL CHECK (phase IN ('design', 'infill')),
	round     INTEGER NOT NULL,     -- 0 for the design
	reason    TEXT NOT NULL,        -- why the point was chosen
	predicted TEXT,                 -- responses by the surrogate, JSON array
	epoch     INTEGER NOT NULL REFERENCES epochs (id)
);
-- The runs of an external program. A row without outcome is running, or was lost.
CREATE TABLE attempts (
	evaluation INTEGER NOT NULL REFERENCES evaluations (id),
	number     INTEGER NOT NULL, -- from 1
	started    TEXT NOT NULL,
	outcome    TEXT CHECK (outcome IN ('answered', 'failed', 'interrupted', 'lost', 'aborted')),
	cause      TEXT NOT NULL DEFAULT '',
	stderr     TEXT NOT NULL DEFAULT '', -- its end
	seconds    REAL NOT NULL DEFAULT 0,
	max_rss    INTEGER NOT NULL DEFAULT 0, -- bytes
	PRIMARY KEY (evaluation, number)
);
-- What came of them: values, or a failure that is not tried again.
CREATE TABLE answers (
	evaluation INTEGER PRIMARY KEY REFERENCES evaluations (id),
	y          TEXT, -- JSON array
	partials   TEXT, -- JSON array, row-major responses by variables, null where missing
	failed     TEXT, -- the cause
	note       TEXT NOT NULL,
	seconds    REAL NOT NULL,
	at         TEXT NOT NULL,
	CHECK ((y IS NULL) = (failed IS NOT NULL))
);
-- What the runs did, for status.
CREATE TABLE events (
	id    INTEGER PRIMARY KEY,
	at    TEXT NOT NULL,
	kind  TEXT NOT NULL, -- phase: one begins; stopped: the run ended
	phase TEXT NOT NULL, -- design or infill; of stopped, the reason in a word
	round INTEGER NOT NULL,
	text  TEXT NOT NULL,
	best  INTEGER REFERENCES evaluations (id) -- of stopped: the best sample, NULL if there is none
);
`

// additions are what each version has besides the one before, from version 2 on.
var additions = []string{`
-- The points that the course has come to and that have no answer: what there is to ask for.
CREATE TABLE wanted (
	evaluation INTEGER PRIMARY KEY REFERENCES evaluations (id)
);
-- The points given to somebody outside who evaluates them.
CREATE TABLE asked (
	evaluation INTEGER PRIMARY KEY REFERENCES evaluations (id),
	asker      TEXT NOT NULL,
	at         TEXT NOT NULL
);
-- The answers with which the course of an epoch begins: ids, as in 1-40,57.
CREATE TABLE given (
	epoch INTEGER PRIMARY KEY REFERENCES epochs (id),
	ids   TEXT NOT NULL
);
`, `
-- The answers that were taken back, as they were.
CREATE TABLE withdrawn (
	evaluation INTEGER NOT NULL REFERENCES evaluations (id),
	y          TEXT,
	partials   TEXT,
	failed     TEXT,
	note       TEXT NOT NULL,
	seconds    REAL NOT NULL,
	at         TEXT NOT NULL,
	epoch      INTEGER NOT NULL REFERENCES epochs (id), -- the latest when they were taken back
	why        TEXT NOT NULL,
	taken      TEXT NOT NULL -- when
);
`}

// create makes the tables, all or none.
func (s *store) create(ctx context.Context) error {
	return s.transact(ctx, "create", func(tx *sql.Tx) error {
		var tables int // two processes may have found the database new
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil || tables > 0 {
			return err
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("%s; %s; PRAGMA application_id = %d; PRAGMA user_version = %d", schema, strings.Join(additions, "; "), applicationID, schemaVersion))
		return err
	})
}

// upgrade brings a database of an earlier version up to date.
func (s *store) upgrade(ctx context.Context) error {
	var version int
	if err := s.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil || version == schemaVersion {
		return s.fault("read", err)
	}
	return s.transact(ctx, "upgrade", func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil || version == schemaVersion {
			return err // another process was faster
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("%s; PRAGMA user_version = %d", strings.Join(additions[version-1:], "; "), schemaVersion))
		return err
	})
}

// maxColumns is how many columns SQLite allows (SQLITE_MAX_COLUMN).
const maxColumns = 2000

// samplesView is the SQL of the view for people and their tools: a row per
// evaluation, a column per variable, response and declared partial.
func samplesView(p sbo.Problem, mask []bool) string {
	columns := []string{"e.id AS id"}
	column := func(table, array string, i int, name string) {
		columns = append(columns, fmt.Sprintf("json_extract(%s.%s, '$[%d]') AS %s", table, array, i, quoted(name)))
	}
	for j, v := range p.Variables {
		column("e", "x", j, v.Name)
	}
	for k, r := range p.Responses {
		column("a", "y", k, r.Name)
	}
	tail := []string{
		"e.phase AS phase", "e.round AS round", "e.reason AS reason",
		"CASE WHEN a.evaluation IS NULL THEN 'waiting' WHEN a.failed IS NULL THEN 'done' ELSE 'failed' END AS state",
		"a.failed AS cause", "a.seconds AS seconds",
	}
	partials := len(columns)
	for k, r := range p.Responses {
		for j, v := range p.Variables {
			if i := k*p.NX() + j; mask[i] {
				column("a", "partials", i, "d"+r.Name+"_d"+v.Name)
			}
		}
	}
	if len(columns)+len(tail) > maxColumns { // they are in answers all the same
		columns = columns[:partials]
	}
	columns = append(columns, tail...)
	return "DROP VIEW IF EXISTS samples; CREATE VIEW samples AS SELECT\n\t" + strings.Join(columns, ",\n\t") +
		"\nFROM evaluations e LEFT JOIN answers a ON a.evaluation = e.id ORDER BY e.id"
}
