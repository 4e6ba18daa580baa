package sbo_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/sbo-go/sbo"

// staircase gives every folder its step. A package imports packages of lower
// steps only, and what lies inside its own folder. The root is step 0.
var staircase = map[string]int{
	"": 0, "internal": 0,
	"doe": 1, "problems": 1, "surrogate": 1, "kriging": 1, "optimize": 1,
	"polish": 2, "sbotest": 2,
	"study":  3,
	"report": 4,
	"cmd":    5, "docs": 5, "examples": 5,
}

// homes says which folders may import a module that is not ours, so that each
// has a reason to be here; docs/decisions tells it. Tests may use any.
var homes = map[string][]string{
	"gonum.org/v1/gonum":                       {"internal", "doe", "problems", "surrogate", "kriging", "optimize", "polish", "sbotest", "report", "cmd", "examples"},
	"gonum.org/v1/plot":                        {"report", "cmd"},
	"modernc.org/sqlite":                       {"study"},
	"github.com/goccy/go-yaml":                 {"study"},
	"github.com/invopop/jsonschema":            {"study"},
	"golang.org/x/sys":                         {"study", "internal"},
	"github.com/spf13/cobra":                   {"cmd"},
	"github.com/schollz/progressbar/v3":        {"cmd"},
	"github.com/pkg/profile":                   {"cmd"},
	"golang.org/x/term":                        {"cmd"},
	"github.com/stretchr/testify":              {},
	"github.com/rogpeppe/go-internal":          {},
	"github.com/santhosh-tekuri/jsonschema/v6": {},
}

// source is one Go file of the module.
type source struct {
	dir    string // relative to the root, with slashes; "" is the root
	path   string
	file   *ast.File
	fset   *token.FileSet
	isTest bool
}

func (s source) folder() string {
	top, _, _ := strings.Cut(s.dir, "/")
	return top
}

func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value) // the parser has accepted it
		paths = append(paths, p)
	}
	return paths
}

// files walks the files of the repository, without what hides behind a dot,
// testdata included.
func files(t *testing.T, visit func(path string)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && d.Name() != "." && d.Name() != ".ci"
		switch {
		case d.IsDir() && hidden:
			return filepath.SkipDir
		case d.Type().IsRegular():
			visit(filepath.ToSlash(p))
		}
		return nil
	}))
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	files(t, func(p string) {
		if !strings.HasSuffix(p, ".go") || strings.Contains("/"+p, "/testdata/") {
			return
		}
		if _, err := os.Stat(path.Join(path.Dir(p), "go.mod")); err == nil && path.Dir(p) != "." {
			return // a module of its own
		}
		s := source{path: p, dir: strings.TrimPrefix(path.Dir(p), "."), fset: token.NewFileSet(), isTest: strings.HasSuffix(p, "_test.go")}
		var err error
		s.file, err = parser.ParseFile(s.fset, p, nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		all = append(all, s)
	})
	require.Greater(t, len(all), 10, "the walk found the repository")
	return all
}

func TestImportsFollowTheStaircase(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest {
			continue
		}
		step, known := staircase[s.folder()]
		assert.True(t, known, "%s: give its folder a place in the staircase", s.path)
		for _, imported := range s.imports() {
			inside, ours := strings.CutPrefix(imported, module)
			if ours {
				folder, _, _ := strings.Cut(strings.TrimPrefix(inside, "/"), "/")
				lower := staircase[folder] < step
				assert.True(t, lower || folder == s.folder() && folder != "", "%s may not import %s: it is not on a lower step", s.path, imported)
				continue
			}
			if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
				continue // standard library
			}
			if m := moduleOf(imported); m == "" {
				assert.Failf(t, "new dependency", "%s imports %s: give it a reason in docs/decisions and a home here", s.path, imported)
			} else {
				assert.Contains(t, homes[m], s.folder(), "%s may not import %s", s.path, imported)
			}
		}
	}
}

// moduleOf returns the module in homes that has the package, "" if none.
func moduleOf(imported string) string {
	for m := range homes {
		if imported == m || strings.HasPrefix(imported, m+"/") {
			return m
		}
	}
	return ""
}

func TestLibrariesAreQuietAndRepeatable(t *testing.T) {
	seeded := []string{"Rand", "New", "NewPCG", "PCG", "NewChaCha8", "ChaCha8", "Source"}
	for _, s := range sources(t) {
		if s.isTest || staircase[s.folder()] > 4 {
			continue
		}
		imports := s.imports()
		assert.NotContains(t, imports, "log", "%s: libraries do not log", s.path)
		assert.NotContains(t, imports, "math/rand", "%s: use math/rand/v2", s.path)
		ast.Inspect(s.file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := selector.X.(*ast.Ident)
			if !ok {
				return true
			}
			name, at := selector.Sel.Name, s.fset.Position(n.Pos())
			switch {
			case pkg.Name == "fmt":
				assert.False(t, strings.HasPrefix(name, "Print"), "%s: libraries do not print", at)
			case pkg.Name == "rand" && slices.Contains(imports, "math/rand/v2"):
				assert.Contains(t, seeded, name, "%s: randomness comes from a *rand.Rand that was passed in", at)
			}
			return true
		})
	}
}

func TestPackagesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if s.isTest {
			continue
		}
		documented[s.dir] = documented[s.dir] || s.file.Doc != nil
	}
	for dir, has := range documented {
		assert.True(t, has, "package %q has no doc comment", path.Join(module, dir))
	}
}

func TestFilesHaveNoLooseEnds(t *testing.T) {
	// Split, so that this file does not find itself.
	loose := []struct {
		pattern *regexp.Regexp
		why     string
	}{
		{regexp.MustCompile(`(^|[\s"'` + "`" + `(=:])/(wor` + `k|hom` + `e|roo` + `t|tm` + `p|User` + `s)/\w`), "a path of somebody's machine"},
		{regexp.MustCompile(`\.\./sha` + `red\b`), "a path outside the repository"},
		{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`), "unfinished"},
		{regexp.MustCompile(`\bt\.Ski` + `p(f|Now)?\(`), "a test that may not run"},
	}
	count := 0
	files(t, func(p string) {
		content, err := os.ReadFile(p)
		require.NoError(t, err)
		if bytes.IndexByte(content, 0) >= 0 {
			return // not text
		}
		count++
		for _, l := range loose {
			if p == ".ci/run" && l.why == "a path outside the repository" {
				continue // it uses data there, if there is any
			}
			for _, at := range l.pattern.FindAllIndex(content, 1) {
				line := 1 + bytes.Count(content[:at[0]], []byte("\n"))
				assert.Failf(t, "loose end", "%s:%d: %q is %s", p, line, content[at[0]:at[1]], l.why)
			}
		}
	})
	require.Greater(t, count, 10, "the walk found the repository")
}
