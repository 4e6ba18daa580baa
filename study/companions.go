package study

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// companions are the files that a program finds in its folder: those of link_files
// and copy_files, as absolute paths.
type companions struct{ linked, copied []string }

// findCompanions looks for the files that the plan names.
func findCompanions(dir string, e EvaluatorPlan) (c companions, err error) {
	for list, names := range map[*[]string][]string{&c.linked: e.LinkFiles, &c.copied: e.CopyFiles} {
		for _, pattern := range names {
			files, err := matching(dir, pattern)
			if err != nil {
				return c, fmt.Errorf("study: %w", err)
			}
			*list = append(*list, files...)
		}
	}
	return c, nil
}

// matching returns the files that a pattern of link_files or copy_files stands
// for. That there is none is an error.
func matching(dir, pattern string) ([]string, error) {
	path := pattern
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err == nil {
		return []string{path}, nil // be there an asterisk in its name
	}
	folder, last := filepath.Split(path)
	if strings.ContainsAny(last, `*?[`) && !strings.ContainsAny(folder, `*?[\`) {
		if files, err := filepath.Glob(path); err == nil && len(files) > 0 {
			return files, nil
		}
		return nil, fmt.Errorf("there is nothing that matches %s in %s", last, filepath.Clean(folder))
	}
	return nil, fmt.Errorf("there is no %s", path)
}

// put places the files in a folder. What is there already is never replaced: it
// would be a question that the program then does not see.
func (c companions) put(dir string) error {
	for _, path := range c.linked {
		if err := os.Symlink(path, filepath.Join(dir, filepath.Base(path))); err != nil {
			return fmt.Errorf("study: cannot link a file of link_files: %w", err)
		}
	}
	for _, path := range c.copied {
		if err := copyTree(filepath.Join(dir, filepath.Base(path)), path); err != nil {
			return fmt.Errorf("study: cannot copy a file of copy_files: %w", err)
		}
	}
	return nil
}

// copyTree copies a file, or a folder with all that is in it. A file that may be
// run may also be run as a copy, and every copy may be written to. Copies keep the
// time of their last change, by which a file that is old is told from an output.
func copyTree(to, from string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		err := copyFile(to, from, info.Mode().Perm()|0o200)
		return errors.Join(err, os.Chtimes(to, time.Time{}, info.ModTime()))
	}
	entries, err := os.ReadDir(from)
	if err == nil {
		err = os.Mkdir(to, 0o755)
	}
	for _, e := range entries {
		if err != nil {
			break
		}
		err = copyTree(filepath.Join(to, e.Name()), filepath.Join(from, e.Name()))
	}
	return err
}

func copyFile(to, from string, mode fs.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// maxOutput is the largest output in bytes that numbers are looked for in.
const maxOutput = 256 << 20

// readOutput reads a file of a program, all of it: what is left out might be what
// counts.
func readOutput(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxOutput+1))
	if err == nil && len(text) > maxOutput {
		err = fmt.Errorf("%s is larger than %d MiB", filepath.Base(path), maxOutput>>20)
	}
	return text, err
}

// companions checks the files that are put beside the program.
func (c checker) companions() {
	names := map[string]string{} // in the folder, and where each comes from
	if d := c.plan.Evaluator.Dakota; c.plan.Evaluator.Protocol == ProtocolDakota && c.clean("evaluator.dakota") {
		whole := DakotaPlan{}
		if d != nil {
			whole = *d
		}
		whole.complete()
		names[whole.ParametersFile], names[whole.ResultsFile] = "the file of parameters", "the file of results"
	}
	if t := c.plan.Evaluator.Template; t != nil {
		for i, in := range t.Inputs {
			top, _, _ := strings.Cut(filepath.ToSlash(in.File), "/")
			names[top] = fmt.Sprintf("input %d", i+1)
		}
		for i, out := range t.Outputs { // one that is there before the program ran would be read for its own
			names[out.File] = fmt.Sprintf("the file of output %d", i+1)
		}
	}
	for i, pattern := range c.plan.Evaluator.LinkFiles {
		c.companion(fmt.Sprintf("evaluator.link_files[%d]", i), pattern, names)
	}
	for i, pattern := range c.plan.Evaluator.CopyFiles {
		c.companion(fmt.Sprintf("evaluator.copy_files[%d]", i), pattern, names)
	}
}

// companion checks that there are files for a pattern, of names that are not taken.
func (c checker) companion(path, pattern string, names map[string]string) {
	if !c.clean(path) {
		return
	}
	if pattern == "" || strings.Contains(pattern, "\x00") {
		c.fault(path, "%q is the name of no file; write the path of one", clip(pattern))
		return
	}
	files, err := matching(c.plan.dir, pattern)
	if err != nil {
		c.fault(path, "%v; put it there, or mend the path", err)
		return
	}
	for _, file := range files {
		name := filepath.Base(file)
		if other, taken := names[name]; taken {
			c.fault(path, "%s has the name %s, as has %s; in one folder, names must differ", clip(pattern), name, other)
			return
		}
		names[name] = clip(pattern)
	}
}
