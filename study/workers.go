package study

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// workers are the processes of a persistent program, one for each worker that
// evaluates. They are started when they are needed, and again when one has ended.
//
// Each has a folder, .sbo/workers/<number>, made like that of an attempt. What it
// answers goes into the folders of the attempts, as if each had been a process of
// its own; so whoever comes after a crash finds attempts that are lost, and makes
// new ones. No process is found again: when the one that asks ends, however, theirs
// do, too.
type workers struct {
	command *command
	shim    []string
	mu      sync.Mutex
	idle    []*worker
	started int
	heard   bool // a line from any of them
}

const workersFolder = "workers"

// run has one of the processes answer the question of an attempt.
func (p *workers) run(ctx context.Context, a attempt) (ending, error) {
	lock, err := lockAttempt(a.path(lockFile))
	if err != nil {
		return ending{}, err
	}
	return ending{}, errors.Join(p.answer(ctx, a), lock.Close())
}

// adopt finds that nothing is left of the process that had the attempt.
func (p *workers) adopt(ctx context.Context, a attempt) (ending, error) {
	return p.command.local.adopt(ctx, a)
}

// answer has one of the processes answer the question of an attempt, and writes
// exit.json. The caller holds the attempt's lock.
func (p *workers) answer(ctx context.Context, a attempt) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	question, err := p.question(a)
	if err != nil {
		return err
	}
	for {
		w, err := p.take()
		if err != nil {
			return err
		}
		e, silent, err := w.answer(ctx, a, question, p.command.spec.Timeout)
		if err == nil && silent && w.served > 0 {
			continue // it ended between two questions, of its own accord: this one is for the next
		}
		alive := w.alive()
		p.mu.Lock()
		p.heard = p.heard || w.heard
		e.Mute = e.TimedOut && !p.heard
		if alive {
			w.served++
			p.idle = append(p.idle, w)
		}
		p.mu.Unlock()
		if err != nil {
			return err
		}
		return a.writeExit(e)
	}
}

// question is the request with the folder of the attempt, which is not the one the
// program runs in, as a line.
func (p *workers) question(a attempt) ([]byte, error) {
	text, err := os.ReadFile(a.path(requestFile))
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	dir, err := json.Marshal(a.path(runFolder))
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	end := len(text) - len("}\n")
	return fmt.Appendf(text[:end:end], ", \"dir\": %s}\n", dir), nil
}

// take returns a process that waits for a question.
func (p *workers) take() (*worker, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n := len(p.idle); n > 0; n-- {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		if w.alive() {
			return w, nil
		}
	}
	for {
		p.started++
		dir := filepath.Join(p.command.dir, folder, workersFolder, strconv.Itoa(p.started))
		err := makeFolder(filepath.Dir(dir))
		if err == nil {
			err = os.Mkdir(dir, 0o755)
		}
		if errors.Is(err, os.ErrExist) { // of an earlier run
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("study: cannot make the folder of a worker: %w", err)
		}
		return p.start(attempt{dir: dir})
	}
}

// close ends all processes: first by the end of what they read, then by force.
func (p *workers) close([]attempt, bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all sync.WaitGroup
	for _, w := range p.idle {
		all.Go(w.close)
	}
	all.Wait()
	p.idle = nil
	return nil
}

// itsID finds the id in a line that is no JSON.
var itsID = regexp.MustCompile(`"id"\s*:\s*([0-9]+)`)

// answers reports whether a line is the answer to a request. Chatter, answers to
// earlier requests and what cannot be read are none; a line that is broken but has
// the right id is, and will be found malformed.
func answers(line []byte, id int) bool {
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	said, err := parseReply(line)
	if err != nil {
		m := itsID.FindSubmatch(line)
		return m != nil && string(m[1]) == strconv.Itoa(id)
	}
	if said.id == nil { // objects may be chatter, but not ones with values
		return len(said.values) > 0 || said.failed != ""
	}
	return *said.id == id
}

// closeGrace is the time a persistent program has to end when there are no more
// questions.
const closeGrace = 5 * time.Second
