package xfoil

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/sbo-go/sbo/problems/airfoil"
)

// MostNodes is the largest number of nodes of a section that XFOIL takes.
const MostNodes = 365

// limit is how long one attempt may take; a tenth of a second is usual. An outline
// that crosses itself makes XFOIL ask for another one without end.
const limit = 15 * time.Second

// Analyze returns what XFOIL says of the section at the angle alpha, in degrees.
// PeakMach is NaN: it isn't asked for. The error wraps [airfoil.ErrGeometry],
// [airfoil.ErrNotConverged] or [ErrTraps], or says that the flow is none that XFOIL is
// asked for here (a trip), or is that of ctx.
func (p *Program) Analyze(ctx context.Context, s *airfoil.Section, f airfoil.Flow, alpha float64) (airfoil.Result, error) {
	r, err := p.attempt(ctx, s, f, "ALFA "+number(alpha), warm(math.Abs(alpha), math.Copysign(1, alpha)))
	if err == nil && math.Abs(r.Alpha-alpha) > 1e-6 {
		return airfoil.Result{}, fmt.Errorf("xfoil: %w: %s: an answer at %g degrees for one at %g", airfoil.ErrNotConverged, s.Name, r.Alpha, alpha)
	}
	return r, err
}

// Trim returns what XFOIL says of the section at the angle at which it has the lift
// coefficient cl. Otherwise it is as [Program.Analyze].
func (p *Program) Trim(ctx context.Context, s *airfoil.Section, f airfoil.Flow, cl float64) (airfoil.Result, error) {
	r, err := p.attempt(ctx, s, f, "CL "+number(cl), warm(2, 1))
	if err == nil && math.Abs(r.CL-cl) > 1e-6 {
		return airfoil.Result{}, fmt.Errorf("xfoil: %w: %s: an answer at a lift coefficient of %g for one at %g", airfoil.ErrNotConverged, s.Name, r.CL, cl)
	}
	return r, err
}

// warm returns commands that lead to an angle of so many degrees, to one side.
func warm(degrees, side float64) []string {
	var steps []string
	for a := 0.0; a <= degrees; a++ {
		steps = append(steps, "ALFA "+number(side*a))
	}
	return steps
}

// attempt asks for a point until XFOIL has an answer: as the section is, along a way
// of angles, and with the nodes that XFOIL chooses itself. Of random sections 19 out
// of 20 converge at once, and nearly all of the others by one of the rest.
func (p *Program) attempt(ctx context.Context, s *airfoil.Section, f airfoil.Flow, point string, way []string) (airfoil.Result, error) {
	err := errors.Join(s.Check(), f.Check())
	switch {
	case err != nil:
		return airfoil.Result{}, err
	case len(s.X) > MostNodes:
		return airfoil.Result{}, fmt.Errorf("xfoil: %w: %d nodes; XFOIL takes %d", airfoil.ErrGeometry, len(s.X), MostNodes)
	case f.Trip != airfoil.Trip{}:
		return airfoil.Result{}, errors.New("xfoil: trips are not passed on to XFOIL")
	}
	flow := []string{"OPER", "VISC " + number(f.Reynolds), "MACH " + number(f.Mach), "ITER 100"}
	if f.Ncrit != 0 {
		flow = append(flow, "VPAR", "N "+number(f.Ncrit), "")
	}
	for _, try := range []struct{ nodes, way []string }{{nil, nil}, {nil, way}, {[]string{"PANE"}, nil}, {[]string{"PANE"}, way}} {
		points, err := p.run(ctx, s, join(try.nodes, flow, try.way, []string{point}))
		if err != nil {
			return airfoil.Result{}, err
		}
		if len(points) == 1 {
			return points[0], nil
		}
	}
	return airfoil.Result{}, fmt.Errorf("xfoil: %w: %s", airfoil.ErrNotConverged, s.Name)
}

func join(lists ...[]string) (all []string) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// run starts XFOIL once, with the commands that lead to a point, and returns the
// points that it recorded: one, or none if it did not converge.
func (p *Program) run(ctx context.Context, s *airfoil.Section, commands []string) (points []airfoil.Result, err error) {
	folder, err := os.MkdirTemp("", "xfoil-")
	if err != nil {
		return nil, fmt.Errorf("xfoil: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	var outline strings.Builder
	outline.WriteString("section\n")
	for i, x := range s.X {
		fmt.Fprintf(&outline, "%.15f %.15f\n", x, s.Y[i])
	}
	if err := os.WriteFile(filepath.Join(folder, "section.dat"), []byte(outline.String()), 0o600); err != nil {
		return nil, fmt.Errorf("xfoil: %w", err)
	}
	// Without the first three it looks for a display. A point is solved for twice more
	// before the polar, which records what is solved for while it is on.
	script := join([]string{"PLOP", "G F", "", "LOAD section.dat"}, commands, []string{"!", "!", "PACC", "polar.txt", "polar.dmp", "!", "PACC", "", "QUIT", ""})
	inTime, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	c := exec.CommandContext(inTime, p.path)
	c.Dir, c.Stdin, c.WaitDelay = folder, strings.NewReader(strings.Join(script, "\n")), time.Second
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "DISPLAY=") {
			c.Env = append(c.Env, v)
		}
	}
	var failed *exec.ExitError
	switch err := c.Run(); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &failed) && strings.Contains(failed.String(), "floating point exception"):
		return nil, fmt.Errorf("xfoil: %s: %w", p.path, ErrTraps)
	case errors.As(err, &failed):
		return nil, nil
	case err != nil && inTime.Err() == nil:
		return nil, fmt.Errorf("xfoil: %w", err)
	}
	dump, err := os.ReadFile(filepath.Join(folder, "polar.dmp"))
	if err != nil {
		return nil, nil //nolint:nilerr // it did not come as far as that
	}
	return readDump(dump), nil
}
