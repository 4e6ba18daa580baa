package study

import (
	"errors"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// networkFileSystem reports whether path lies on a file system that other hosts
// share. The numbers are those of statfs(2).
func networkFileSystem(path string) bool {
	var s unix.Statfs_t
	if unix.Statfs(path, &s) != nil {
		return false
	}
	switch uint32(s.Type) {
	case unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC,
		unix.AFS_SUPER_MAGIC, unix.CEPH_SUPER_MAGIC, unix.V9FS_MAGIC,
		0x0bd00bd0, //nolint:misspell // Lustre: that is its name
		0x47504653, // GPFS_SUPER_MAGIC
		0x19830326, // BeeGFS
		0x20030528, // OrangeFS
		0x65735546: // FUSE: sshfs, GlusterFS and others
		return true
	}
	return false
}

// ownGroup puts a driver into a process group of its own, and has the kernel end
// it when the thread that started it ends, so that no driver outlives the
// process that watches over it.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// reap waits for a child and calls last when it has ended but is not yet reaped:
// until then the number of its process group cannot be given to others.
func reap(cmd *exec.Cmd, last func()) error {
	for errors.Is(unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil), unix.EINTR) {
	}
	last()
	return cmd.Wait()
}

// maxRSS returns the largest resident memory in bytes; getrusage(2) counts kilobytes.
func maxRSS(usage *syscall.Rusage) int64 { return usage.Maxrss * 1024 }
