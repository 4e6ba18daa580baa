package main

import (
	"strconv"

	"github.com/sbo-go/sbo/problems/airfoil"
)

// airfoilDocument is the analysis of a section in JSON.
type airfoilDocument struct {
	Section   string                 `json:"section"`
	Thickness []number               `json:"thickness,omitempty"` // coefficients of --fit
	Camber    []number               `json:"camber,omitempty"`
	Edge      *number                `json:"edge,omitempty"`
	FitRMS    *number                `json:"fit_rms,omitempty"` // chords
	Mach      number                 `json:"mach"`
	Reynolds  number                 `json:"reynolds"`
	Ncrit     number                 `json:"ncrit"`
	X         []number               `json:"x,omitempty"` // of the nodes, with --pressures
	Y         []number               `json:"y,omitempty"`
	Points    []airfoilPointDocument `json:"points"`
	Beside    *airfoilDocument       `json:"beside,omitempty"`
}

type airfoilPointDocument struct {
	Alpha      number    `json:"alpha"`
	CL         number    `json:"cl"`
	CD         number    `json:"cd"`
	CM         number    `json:"cm"`
	Transition []number  `json:"transition,omitempty"` // x/c, upper and lower side
	PeakMach   number    `json:"peak_mach"`
	Partials   *jacobian `json:"partials,omitempty"`
	Pressures  []number  `json:"pressures,omitempty"`
	Failed     string    `json:"failed,omitempty"`
}

func (s *airfoilStudy) document(o airfoilOptions) airfoilDocument {
	d := airfoilDocument{Section: s.section.Name, Mach: number(s.flow.Mach), Reynolds: number(s.flow.Reynolds), Ncrit: number(s.flow.Ncrit)}
	if s.fitted != nil {
		edge, off := number(s.fitted.TrailingEdge), number(s.off)
		d.Thickness, d.Camber, d.Edge, d.FitRMS = numbers(s.fitted.Thickness), numbers(s.fitted.Camber), &edge, &off
	}
	if o.pressures {
		d.X, d.Y = numbers(s.section.X), numbers(s.section.Y)
	}
	for i, p := range s.points {
		if p.err != nil {
			d.Points = append(d.Points, airfoilPointDocument{Alpha: number(s.wanted[i]), Failed: plain(p.err.Error())})
			continue
		}
		r := p.result
		point := airfoilPointDocument{
			Alpha: number(r.Alpha), CL: number(r.CL), CD: number(r.CD), CM: number(r.CM),
			Transition: numbers(r.Transition[:]), PeakMach: number(r.PeakMach),
		}
		if o.partials {
			outputs, inputs := s.partialNames()
			point.Partials = &jacobian{outputs, inputs, p.partials}
		}
		if o.pressures {
			point.Pressures = numbers(p.pressures)
		}
		d.Points = append(d.Points, point)
	}
	if s.beside != nil {
		beside := s.beside.document(o)
		d.Beside = &beside
	}
	return d
}

// partialNames returns the names of the rows and columns of partials.
func (s *airfoilStudy) partialNames() (outputs, inputs []string) {
	outputs, inputs = []string{"cl", "cd", "cm"}, []string{"alpha", "mach"}
	if s.trimmed {
		outputs[0], inputs[0] = "alpha", "cl"
	}
	return outputs, append(inputs, s.section.Shape...)
}

func (a *app) printAirfoil(s *airfoilStudy, o airfoilOptions) {
	a.printf("%s, Mach %s, Reynolds number %s\n\n", s.section.Name, short(s.flow.Mach), short(s.flow.Reynolds))
	if s.fitted != nil {
		a.printCoefficients(*s.fitted, s.off)
	}
	fixed := func(v float64, digits int) string { return strconv.FormatFloat(v, 'f', digits, 64) }
	t := &table{header: []string{"alpha", "cl", "cd", "cm", "cl/cd", "turbulent above from x", "below", "peak Mach"}}
	for _, p := range s.answered() {
		r := p.result
		t.add(fixed(r.Alpha, 3), fixed(r.CL, 5), fixed(r.CD, 6), fixed(r.CM, 5), fixed(r.CL/r.CD, 1),
			fixed(r.Transition[0], 3), fixed(r.Transition[1], 3), fixed(r.PeakMach, 3))
	}
	a.printf("%s", t)
	for _, p := range s.answered() {
		if o.partials {
			outputs, inputs := s.partialNames()
			a.printf("\npartials at %s degrees\n", short(p.result.Alpha))
			first := p.result.CL
			if s.trimmed {
				first = p.result.Alpha
			}
			a.printResponses(inputs, outputs, []float64{first, p.result.CD, p.result.CM}, p.partials)
		}
		if o.pressures {
			a.printf("\npressures at %s degrees\n", short(p.result.Alpha))
			t := &table{header: []string{"x", "y", "Cp"}}
			for i, cp := range p.pressures {
				t.add(fixed(s.section.X[i], 6), fixed(s.section.Y[i], 6), fixed(cp, 5))
			}
			a.printf("%s", t)
		}
	}
}

// printCoefficients prints those of a fit.
func (a *app) printCoefficients(c airfoil.CST, off float64) {
	t := &table{left: 1, header: []string{""}}
	thickness, camber := []string{"thickness"}, []string{"camber"}
	for i := range c.Thickness {
		t.header = append(t.header, strconv.Itoa(i))
		thickness, camber = append(thickness, short(c.Thickness[i])), append(camber, short(c.Camber[i]))
	}
	t.add(thickness...)
	t.add(camber...)
	a.printf("%s\ngap at the trailing edge %s; nodes are off by %.1e chords (root mean square)\n\n", t, short(c.TrailingEdge), off)
}
