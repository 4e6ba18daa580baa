package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sbo-go/sbo/problems/airfoil"
	"github.com/spf13/cobra"
)

type airfoilOptions struct {
	thickness, camber []float64
	edge              float64
	fit               int
	panels            int

	angles    string
	lifts     string
	mach      float64
	reynolds  float64
	ncrit     float64
	trip      string
	partials  bool
	pressures bool
	plot      string
	beside    string
}

func (a *app) airfoilCommand() *cobra.Command {
	var o airfoilOptions
	c := &cobra.Command{
		Use:   "airfoil [SECTION] [--alpha FROM:TO:STEP | --cl CL]",
		Short: "Analyze an airfoil section: forces, pressures, polar",
		Long: "Analyzes an airfoil section in subsonic flow by a panel method with boundary layers: lift, drag,\n" +
			"moment about the quarter chord, transition, and the largest Mach number at the surface.\n\n" +
			"SECTION is four digits of the NACA series, a file of coordinates, Selig's or Lednicer's, or the folder\n" +
			"of a study whose variables are CST coefficients T0, T1, ..., K0, K1, ...: its best section. With\n" +
			"--thickness and --camber instead, it is made of such coefficients; --fit makes those of any section.\n" +
			"--beside sets another section beside it, as that before an optimization.\n\n" +
			"The model is one to try methods of optimization on: attached flow, Mach numbers to 0.35, Reynolds\n" +
			"numbers from 1e6 on; drag is within some 4 percent of XFOIL's, and up to a third off at the worst.",
		Example: "  sbo airfoil 2412\n" +
			"  sbo airfoil s1223.dat --alpha 2 --reynolds 2e6 --pressures\n" +
			"  sbo airfoil 4412 --fit 6 --cl 0.5 --partials --json\n" +
			"  sbo airfoil --thickness .17,.15,.17,.13,.15 --camber .02,.04,.05,.04,.06 --plot section.png\n" +
			"  sbo airfoil examples/airfoil/one-point --beside 2412 --mach 0.15 --plot after.png\n" +
			"  sbo airfoil samples --n 6000 -o train.csv.gz",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.airfoil(cmd.Context(), args, o) },
	}
	c.AddCommand(a.airfoilSamplesCommand())
	f := c.Flags()
	f.Float64SliceVar(&o.thickness, "thickness", nil, "CST coefficients of the thickness, from the nose to the tail: `T0,T1,...`")
	f.Float64SliceVar(&o.camber, "camber", nil, "as many CST coefficients of the camber: `K0,K1,...`")
	f.Float64Var(&o.edge, "edge", 0.0025, "gap at the trailing edge of a section by coefficients, in chords")
	f.IntVar(&o.fit, "fit", 0, "analyze the nearest section by CST coefficients of this `ORDER` instead")
	f.IntVar(&o.panels, "panels", airfoil.Panels, "panels around the section, an even number")
	f.StringVar(&o.angles, "alpha", "-2:8:1", "angles of attack in degrees: one, several as 0,2,5, or `FROM:TO:STEP`")
	f.StringVar(&o.lifts, "cl", "", "lift coefficients to find the angles for, in place of --alpha")
	f.Float64Var(&o.mach, "mach", 0, "Mach number")
	f.Float64Var(&o.reynolds, "reynolds", 3e6, "Reynolds number by the chord")
	f.Float64Var(&o.ncrit, "ncrit", 9, "amplification at which the boundary layers become turbulent, as a power of e")
	f.StringVar(&o.trip, "trip", "", "make the layers turbulent by roughness between two shares of their length, as 0.02:0.05")
	f.BoolVar(&o.partials, "partials", false, "also print the partials, by angle (or lift), Mach number and coefficients")
	f.BoolVar(&o.pressures, "pressures", false, "also print the pressure coefficients around the section")
	f.StringVar(&o.beside, "beside", "", "also analyze this `SECTION`, digits, a file or a study")
	f.StringVar(&o.plot, "plot", "", "draw section, pressures and polar into `FILE.png`")
	return c
}

// airfoilPoint is the answer at one angle or lift.
type airfoilPoint struct {
	result    airfoil.Result
	err       error     // if there is no answer
	partials  []float64 // 3 by the variables
	pressures []float64 // at the nodes
}

// airfoilStudy is what is analyzed, and the answers.
type airfoilStudy struct {
	section *airfoil.Section
	fitted  *airfoil.CST // the coefficients of --fit
	off     float64      // of the fit
	flow    airfoil.Flow
	trimmed bool // the points are lift coefficients
	wanted  []float64
	points  []airfoilPoint
	beside  *airfoilStudy // the same of another section; nil: none
}

func (a *app) airfoil(ctx context.Context, args []string, o airfoilOptions) error {
	s, err := a.airfoilStudy(ctx, args, o)
	if err != nil {
		return err
	}
	for _, s := range s.all() {
		if err := s.analyze(ctx, o); err != nil {
			return err
		}
		if len(s.answered()) == 0 {
			return s.points[0].err
		}
	}
	if o.plot != "" {
		if err := create(o.plot, func(w io.Writer) error { return s.plot(w) }); err != nil {
			return err
		}
	}
	if a.json {
		err = a.document(s.document(o))
	} else {
		for i, s := range s.all() {
			if i > 0 {
				a.printf("\n")
			}
			a.printAirfoil(s, o)
		}
	}
	for _, s := range s.all() {
		a.warnAirfoil(s)
	}
	return err
}

// all returns the study and that beside it.
func (s *airfoilStudy) all() []*airfoilStudy {
	if s.beside == nil {
		return []*airfoilStudy{s}
	}
	return []*airfoilStudy{s, s.beside}
}

// warnAirfoil says where there is no answer, or none to be trusted.
func (a *app) warnAirfoil(s *airfoilStudy) {
	shocks := false
	for _, p := range s.points {
		switch {
		case p.err != nil:
			a.warnf("%s", plain(p.err.Error()))
		case p.result.PeakMach >= 1 && !shocks:
			a.warnf("%s at %s degrees: the flow at the surface reaches Mach %.2f, and there are shocks that the model knows nothing of",
				s.section.Name, short(p.result.Alpha), p.result.PeakMach)
			shocks = true
		}
	}
}

// airfoilStudy reads what to analyze.
func (a *app) airfoilStudy(ctx context.Context, args []string, o airfoilOptions) (*airfoilStudy, error) {
	s := &airfoilStudy{flow: airfoil.Flow{Mach: o.mach, Reynolds: o.reynolds, Ncrit: o.ncrit}}
	if o.trip != "" {
		ends, err := parseNumbers("trip", strings.ReplaceAll(o.trip, ":", ","))
		if err != nil || len(ends) != 2 {
			return nil, usage("--trip: %q is not two shares of the length, as 0.02:0.05", o.trip)
		}
		s.flow.Trip = airfoil.Trip{From: ends[0], To: ends[1]}
	}
	if err := s.flow.Check(); err != nil {
		return nil, usage("%s", plain(err.Error()))
	}
	var err error
	if s.trimmed = o.lifts != ""; s.trimmed {
		s.wanted, err = parseSteps("cl", o.lifts)
	} else {
		s.wanted, err = parseSteps("alpha", o.angles)
	}
	if err != nil {
		return nil, err
	}
	if folder := filepath.Dir(o.plot); o.plot != "" && !exists(folder) {
		return nil, usage("cannot write %s: there is no folder %s", o.plot, folder)
	}
	if o.panels < 20 || o.panels > 1000 || o.panels%2 != 0 {
		return nil, usage("--panels is %d; it must be an even number from 20 to 1000", o.panels)
	}
	if o.fit < 0 || o.fit > 12 {
		return nil, usage("--fit is %d; it must be an order from 1 to 12", o.fit)
	}
	if s.section, err = a.airfoilSection(ctx, args, o); err != nil {
		return nil, err
	}
	if o.beside != "" {
		beside := *s
		if beside.section, err = a.namedSection(ctx, o.beside, o); err != nil {
			return nil, err
		}
		beside.fit(o)
		s.beside = &beside
	}
	s.fit(o)
	return s, nil
}

// fit replaces the section by the nearest one of coefficients, if that is asked for.
func (s *airfoilStudy) fit(o airfoilOptions) {
	if o.fit == 0 {
		return
	}
	c, off := airfoil.Fit(s.section, o.fit)
	name := s.section.Name
	s.fitted, s.off, s.section = &c, off, c.Section(o.panels)
	s.section.Name = name + ", fitted"
}

// analyze finds all points. Where there is no answer, the others go on.
func (s *airfoilStudy) analyze(ctx context.Context, o airfoilOptions) error {
	var solver airfoil.Solver
	if err := solver.Load(s.section); err != nil {
		return fmt.Errorf("%s: %w", s.section.Name, err)
	}
	for _, wanted := range s.wanted {
		if err := ctx.Err(); err != nil {
			return err
		}
		var p airfoilPoint
		if o.partials {
			p.partials = make([]float64, 3*(2+len(s.section.Shape)))
		}
		if s.trimmed {
			p.result, p.err = solver.Trim(s.flow, wanted, p.partials)
		} else {
			p.result, p.err = solver.Analyze(s.flow, wanted, p.partials)
		}
		if p.err == nil {
			p.pressures = make([]float64, len(s.section.X))
			solver.Pressures(p.pressures)
		}
		s.points = append(s.points, p)
	}
	return nil
}

// answered returns the points that have an answer.
func (s *airfoilStudy) answered() []airfoilPoint {
	return slices.DeleteFunc(slices.Clone(s.points), func(p airfoilPoint) bool { return p.err != nil })
}
