package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo/problems/airfoil"
	"github.com/sbo-go/sbo/study"
)

// airfoilSection makes the section that the command line names.
func (a *app) airfoilSection(ctx context.Context, args []string, o airfoilOptions) (*airfoil.Section, error) {
	byCoefficients := len(o.thickness)+len(o.camber) > 0
	switch {
	case len(args) == 0 && !byCoefficients:
		return nil, usage("sbo airfoil: name a section").hint("four digits, as in sbo airfoil 2412, or a file of coordinates, or --thickness and --camber")
	case len(args) == 1 && byCoefficients:
		return nil, usage("the section is %s, and --thickness and --camber are another one", args[0]).hint("leave out one of them")
	case len(args) == 1:
		return a.namedSection(ctx, args[0], o)
	}
	c := airfoil.CST{Thickness: o.thickness, Camber: o.camber, TrailingEdge: o.edge}
	if o.camber == nil {
		c.Camber = make([]float64, len(o.thickness))
	}
	if err := c.Check(); err != nil {
		return nil, usage("%s", plain(err.Error()))
	}
	return c.Section(o.panels), nil
}

// namedSection makes a section of four digits, a file or a study.
func (a *app) namedSection(ctx context.Context, name string, o airfoilOptions) (*airfoil.Section, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, `./\`):
		n, err := airfoil.ParseNACA4(name)
		if err != nil {
			return nil, usage("%s", plain(err.Error())).hint("nor is there a file %s", name)
		}
		return n.Section(o.panels), nil
	case err == nil && info.IsDir():
		return a.sectionOfStudy(ctx, name, o)
	}
	return a.airfoilFile(name, o)
}

// sectionOfStudy makes the best section of a study.
func (a *app) sectionOfStudy(ctx context.Context, dir string, o airfoilOptions) (*airfoil.Section, error) {
	c := airfoil.CST{TrailingEdge: o.edge}
	err := a.with(ctx, []string{dir}, func(s *study.Study) error {
		st, err := s.Status(ctx)
		if err != nil {
			return err
		}
		if st.Best == nil {
			return errNoAnswers(s)
		}
		at := map[string]float64{}
		for j, v := range s.Plan().Problem().Variables {
			at[v.Name] = st.Best.X[j]
		}
		for _, list := range []struct {
			kind   string
			values *[]float64
		}{{"T", &c.Thickness}, {"K", &c.Camber}} {
			for i := 0; ; i++ {
				v, ok := at[list.kind+strconv.Itoa(i)]
				if !ok {
					break
				}
				*list.values = append(*list.values, v)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, usage("%s is not a study of sections: its variables are not T0, T1, ..., K0, K1, ...", dir)
	}
	section := c.Section(o.panels)
	section.Name = "best of " + filepath.Base(filepath.Clean(dir))
	return section, nil
}

// airfoilFile reads a file of coordinates.
func (a *app) airfoilFile(name string, o airfoilOptions) (*airfoil.Section, error) {
	file, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	c, err := airfoil.Read(file, name)
	if err != nil {
		return nil, usage("%s", err)
	}
	s, err := c.Section(o.panels)
	if err != nil {
		return nil, usage("%s: %s", name, plain(err.Error()))
	}
	return s, nil
}

// parseNumbers reads numbers with commas between.
func parseNumbers(flag, text string) ([]float64, error) {
	var values []float64
	for word := range strings.SplitSeq(text, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
		if err != nil || v-v != 0 { // or not finite
			return nil, usage("--%s: %q is not a number", flag, word)
		}
		values = append(values, v)
	}
	return values, nil
}

// parseSteps reads numbers with commas between, or a range FROM:TO:STEP.
func parseSteps(flag, text string) ([]float64, error) {
	const most = 1000 // points that a range may have
	if !strings.Contains(text, ":") {
		return parseNumbers(flag, text)
	}
	parts, err := parseNumbers(flag, strings.ReplaceAll(text, ":", ","))
	if err != nil {
		return nil, err
	}
	if len(parts) != 3 || parts[2] <= 0 || parts[1] < parts[0] || (parts[1]-parts[0])/parts[2] > most {
		return nil, usage("--%s: %q is no range", flag, text).hint("write it as FROM:TO:STEP, as 0:8:2, with a positive step and up to %d points", most)
	}
	var values []float64
	for i := 0; ; i++ {
		v := parts[0] + float64(i)*parts[2]
		if v > parts[1]+1e-9*parts[2] {
			return values, nil
		}
		values = append(values, v)
	}
}
