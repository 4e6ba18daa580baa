package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommittedFilesAreGenerated writes the files again and compares, but for the
// first line, which has their names.
func TestCommittedFilesAreGenerated(t *testing.T) {
	dir := t.TempDir()
	for _, isa := range []string{"avx512", "avx2"} {
		assembly, stubs := isa+"_amd64.s", isa+"_amd64.go"
		run := exec.CommandContext(t.Context(), "go", "run", ".", "-isa", isa, "-pkg", "kernel", "-out", filepath.Join(dir, assembly), "-stubs", filepath.Join(dir, stubs))
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, name := range []string{assembly, stubs} {
			want, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			have, err := os.ReadFile(filepath.Join("..", name))
			if err != nil {
				t.Fatal(err)
			}
			_, wanted, _ := strings.Cut(string(want), "\n")
			_, has, _ := strings.Cut(string(have), "\n")
			if wanted == "" || wanted != has {
				t.Errorf("%s is not what this module writes: go generate", name)
			}
		}
	}
}
