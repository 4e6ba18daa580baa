package study

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
)

// processesOf returns the processes that were started to run in a folder below dir,
// wherever they are now and whoever their parent is: their environment says so.
// The second result is false if the system does not tell.
func processesOf(dir string) ([]int, bool) {
	mark := []byte("\x00SBO_RUN_DIR=" + dir + string(filepath.Separator))
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil || len(files) == 0 {
		return nil, false
	}
	var pids []int
	for _, file := range files {
		environment, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(append([]byte{0}, environment...), mark) {
			continue // it belongs to others, or has just ended
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids, true
}
