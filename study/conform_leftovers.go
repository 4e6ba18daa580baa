package study

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// leftovers looks for what the programs have left behind.
func (c *conformer) leftovers(context.Context) error {
	pids, known := processesOf(c.dir)
	if c.study.plan.Evaluator.Executor == ExecutorSlurm {
		pids, known = nil, false // they would be on its nodes
	}
	for try := 0; len(pids) > 0 && try < 20; try++ { // what was killed takes a moment to go
		time.Sleep(pollInterval)
		pids, known = processesOf(c.dir)
	}
	switch {
	case !known:
		c.report("processes", Skipped, "nobody here can tell")
	case len(pids) > 0:
		c.report("processes", Wrong, "the program leaves processes running that have left its group: %v", pids)
	default:
		c.report("processes", Passed, "none is left")
	}
	var changed []string
	for name, state := range listing(c.study.dir) {
		if c.before[name] != state {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	if len(changed) > 0 {
		c.report("folder", Noted, "the program writes into the folder of the study (%s), where evaluations can get in each other's way", strings.Join(changed[:min(len(changed), 5)], ", "))
		return nil
	}
	c.report("folder", Passed, "it leaves the folder of the study alone")
	return nil
}

// listing returns the sizes and times of the files in a folder, but for ours.
func listing(dir string) map[string]string {
	const most = 10_000 // files: the check is not worth more time
	files := map[string]string{}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipDir // what cannot be read cannot be compared
		case len(files) > most:
			return fs.SkipAll
		case d.IsDir() && d.Name() == folder:
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		if info, err := d.Info(); err == nil {
			name, _ := filepath.Rel(dir, path) // path is below dir
			files[name] = fmt.Sprint(info.Size(), info.ModTime())
		}
		return nil
	})
	return files
}
