//go:build unix && !linux

package study

import (
	"os/exec"
	"syscall"
)

// networkFileSystem reports whether path lies on a file system that other hosts
// share; here, nothing is known about it.
func networkFileSystem(string) bool { return false }

func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func reap(cmd *exec.Cmd, last func()) error {
	err := cmd.Wait()
	last()
	return err
}

// maxRSS returns the largest resident memory; getrusage(2) counts bytes on most
// systems that are not Linux.
func maxRSS(usage *syscall.Rusage) int64 { return int64(usage.Maxrss) }
