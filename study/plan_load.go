package study

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
)

// FileName is what the file of a study is called.
const FileName = "study.yaml"

// LoadPlan reads the plan of a study: path is its folder, or the file itself. It
// checks everything that can be known without an evaluation and writes out the
// defaults. What is wrong with the file is a [*ConfigError] that holds every
// fault; other errors are about reading it.
func LoadPlan(path string) (*Plan, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		path = filepath.Join(path, FileName)
		info, err = os.Stat(path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if ext := filepath.Ext(path); ext != ".yaml" && ext != ".yml" {
			path = filepath.Join(path, FileName) // a folder that is not there either
		}
		return nil, noStudy(path)
	case err != nil:
		return nil, fmt.Errorf("study: %w", err)
	case !info.Mode().IsRegular():
		return nil, &ConfigError{Faults: []Fault{{File: path, Message: "this is not a file; give the folder of a study, or its study.yaml"}}}
	}
	source, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	return parsePlan(source, path)
}

func noStudy(path string) error {
	message := fmt.Sprintf("there is no such file; write a study that runs as it is with `sbo init %s`", filepath.Dir(path))
	if other := strings.TrimSuffix(path, filepath.Ext(path)) + ".yml"; isFile(other) {
		message = fmt.Sprintf("there is no such file, but there is %s; rename it", filepath.Base(other))
	}
	return &ConfigError{Faults: []Fault{{File: path, Message: message}}}
}

// readFile reads a file, but little more of it than may be.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return io.ReadAll(io.LimitReader(f, maxFileSize+1))
}

// parsePlan is [LoadPlan] on the text of a file.
func parsePlan(source []byte, path string) (*Plan, error) {
	p := &Plan{dir: filepath.Dir(path), file: path}
	root, spots := parse(source)
	if len(spots) == 0 {
		spots = p.read(root)
	}
	if len(spots) > 0 {
		return nil, newConfigError(path, source, spots)
	}
	p.complete()
	return p, nil
}

// YAML returns the plan as a study file with all defaults written out.
func (p *Plan) YAML() ([]byte, error) { return yaml.MarshalWithOptions(p, yaml.IndentSequence(true)) }
