// Package docs_test keeps the documents true: their programs run, their studies
// load, their links lead somewhere.
package docs_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sbo-go/sbo/study"
	"github.com/stretchr/testify/require"
)

const root = ".."

// documents returns the Markdown files of the repository by their path from the root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != root) {
			return filepath.SkipDir
		}
		if filepath.Ext(p) != ".md" {
			return nil
		}
		text, err := os.ReadFile(p)
		name, _ := filepath.Rel(root, p) // p is below root
		texts[name] = string(text)
		return err
	}))
	require.Contains(t, texts, "README.md")
	return texts
}

var fence = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// snippet is a fenced block of a document.
type snippet struct{ language, text, after string }

func snippets(text string) []snippet {
	var found []snippet
	for _, at := range fence.FindAllStringSubmatchIndex(text, -1) {
		found = append(found, snippet{text[at[2]:at[3]], text[at[4]:at[5]], text[at[1]:]})
	}
	return found
}

// output returns what a program is said to print: the block ```text right behind it.
func (s snippet) output() (string, bool) {
	rest, has := strings.CutPrefix(strings.TrimSpace(s.after), "```text\n")
	text, _, closed := strings.Cut(rest, "```")
	return text, has && closed
}

// TestProgramsRun runs every Go snippet as the whole program that it has to be,
// inside this module, and compares what it prints.
func TestProgramsRun(t *testing.T) {
	count := 0
	for name, text := range documents(t) {
		for i, s := range snippets(text) {
			if s.language != "go" {
				continue
			}
			count++
			t.Run(name+"/"+strconv.Itoa(i+1), func(t *testing.T) {
				require.Contains(t, s.text, "package main\n", "a snippet is a program that a reader can run")
				printed := run(t, s.text)
				want, has := s.output()
				require.True(t, has, "show what the program prints in a block ```text behind it")
				require.Equal(t, want, printed)
			})
		}
	}
	require.Positive(t, count)
}

// run compiles the program in a folder of the module that exists only in an
// overlay, so that nothing is written to the repository.
func run(t *testing.T, program string) string {
	t.Helper()
	dir := t.TempDir()
	file, overlay := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(file, []byte(program), 0o600))
	here, err := filepath.Abs(root)
	require.NoError(t, err)
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(here, "snippet", "main.go"): file}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, replace, 0o600))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "go", "run", "-overlay", overlay, "./snippet")
	command.Dir = here
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.Output()
	require.NoError(t, err, "%s", &stderr)
	return string(out)
}

func TestStudiesLoad(t *testing.T) {
	count := 0
	for name, text := range documents(t) {
		for _, s := range snippets(text) {
			if s.language != "yaml" || !strings.Contains(s.text, "\nvariables:") {
				continue
			}
			count++
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "study.yaml"), []byte(s.text), 0o600))
			if program := regexp.MustCompile(`command: \["\./(.*?)"`).FindStringSubmatch(s.text); program != nil {
				require.NoError(t, os.WriteFile(filepath.Join(dir, program[1]), nil, 0o700)) // it has to be there
			}
			plan, err := study.LoadPlan(dir)
			require.NoError(t, err, "%s", name)
			require.NoError(t, plan.Problem().Validate(), "%s", name)
		}
	}
	require.Positive(t, count)
}

func TestLinksLead(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)
	count := 0
	var broken []string
	for name, text := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			count++
			target := filepath.Join(root, filepath.Dir(name), m[1])
			if _, err := os.Stat(target); err != nil {
				broken = append(broken, name+" to "+m[1])
			}
		}
	}
	require.Empty(t, broken)
	require.Positive(t, count)
}
