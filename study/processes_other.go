//go:build unix && !linux

package study

// processesOf would return the processes that were started to run in a folder below
// dir; here, the system does not tell.
func processesOf(string) ([]int, bool) { return nil, false }
