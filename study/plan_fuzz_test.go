package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Whatever the bytes: no panic, no long wait, and a fault with a position or a
// plan that means the same when it is written and read again.
func FuzzLoadPlan(f *testing.F) {
	for _, pattern := range []string{"testdata/plan/*.yaml", "testdata/good/*.yaml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		require.NotEmpty(f, files)
		for _, file := range files {
			source, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(source)
		}
	}
	for _, source := range []string{
		strings.Repeat("[", 100), strings.Repeat("- ", 100), strings.Repeat("? ", 100), strings.Repeat("{a: ", 100),
		strings.Repeat("&a ", 100), strings.Repeat("!a ", 100), "a: &a [*a, *a]\nb: *a\n", "a: &a {<<: *a}\n", "%YAML 1.2\n---\n", "\x00", "*", "&", "!",
	} {
		f.Add([]byte(source))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		begin := time.Now()
		plan, err := parsePlan(source, "testdata/good/study.yaml")
		require.Less(t, time.Since(begin), 30*time.Second)
		if err != nil {
			var config *ConfigError
			require.ErrorAs(t, err, &config)
			require.NotEmpty(t, config.Faults)
			require.NotContains(t, config.Excerpt(), "\x00")
			return
		}
		require.NoError(t, plan.Problem().Validate())
		written, err := plan.YAML()
		require.NoError(t, err)
		again, err := parsePlan(written, "testdata/good/study.yaml")
		require.NoError(t, err, "%s", written)
		require.Equal(t, plan, again, "%s", written)
	})
}

// Files made to keep a parser busy are refused or read within the time that an
// honest file of that size takes.
func TestLoadPlanHostile(t *testing.T) {
	const size = maxFileSize
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	var deeper strings.Builder
	for i := 0; deeper.Len() < size-2000; i++ {
		deeper.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 20 {
		prev, next := string(rune('a'+i)), string(rune('b'+i))
		bomb += next + "0: &" + next + "0 [" + strings.TrimSuffix(strings.Repeat("*"+prev+"0, ", 10), ", ") + "]\n"
	}
	names := "[" + strings.TrimSuffix(strings.Repeat("x, ", 10_000), ", ") + "]"
	wide := "responses:\n- {name: f, minimize: true, partials: &p " + names + "}\n" + strings.Repeat("- {partials: *p}\n", 10_000)
	for name, source := range map[string]string{
		"lists": fill("["), "closed lists": strings.Repeat("[", size/2) + strings.Repeat("]", size/2), "mappings": fill("{a: "),
		"dashes": fill("- "), "question marks": fill("? "), "anchors": fill("&a "), "tags": fill("!a "), "aliases": fill("*a "),
		"indentation": deeper.String(), "alias bomb": bomb, "alias product": wide, "one key": "a: " + strings.Repeat("x", size-3),
		"keys": fill("a: 1\n"), "most keys": strings.Repeat("a: 1\n", maxKeys), "flow keys": "{" + strings.Repeat("a: 1, ", maxKeys) + "}", "comments": fill("#\n"), "documents": fill("---\n"), "list": "variables:\n" + strings.Repeat("- a\n", size/4-4), "flow list": "hidden: [" + strings.Repeat("1,", size/2-10) + "]",
		"anchored keys": fill("&a a: "), "quotes": fill("'"), "colons": fill(": "), "commas": fill(","), "blocks": fill("|\n"),
		"too large": strings.Repeat("#", size+1), "carriage returns": fill("\r"), "escapes": `"` + fill(`\x41`), "merges": fill("<<: *a\n"),
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			_, err := parsePlan([]byte(source), "study.yaml")
			require.Error(t, err)
			require.Less(t, time.Since(begin), 30*time.Second)
			t.Log(time.Since(begin), strings.SplitN(err.Error(), "\n", 2)[0])
		})
	}
}
