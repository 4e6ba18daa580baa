package bench

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems/airfoil"
)

// goalAirfoilSamples is how many times more samples the drag of sections must take to
// be learned without partials: the number that the paper has of its airfoils.
const goalAirfoilSamples = 5

// polarTable is random sections in random flow, with lift, drag, moment and their
// partials, made when it is first asked for.
type polarTable struct {
	most, heldOut int // rows to learn from, and others
	made          sync.Once
	train, test   sbo.Data
	fault         error
}

// rows returns the table.
func (p *polarTable) rows(ctx context.Context) (train, test sbo.Data, err error) {
	p.made.Do(func() {
		polars := airfoil.Polars(3e6)
		answer := sbo.Workers(polars.Problem, polars, runtime.GOMAXPROCS(0))
		if p.train, p.fault = answer(ctx, scattered(polars.Box(), p.most, "polars")); p.fault == nil {
			p.test, p.fault = answer(ctx, scattered(polars.Box(), p.heldOut, "polars held out"))
		}
	})
	return p.train, p.test, p.fault
}

// subject returns a response of the table to be learned: a design is random rows.
func (p *polarTable) subject(name string, k int) *subject {
	polars := airfoil.Polars(3e6)
	s := &subject{name: name, about: sbo.Columns{Inputs: polars.VariableNames(), Outputs: polars.ResponseNames()[k : k+1]}}
	for _, v := range polars.Variables {
		s.width = append(s.width, v.Upper-v.Lower)
	}
	s.draw = func(ctx context.Context, n int, seed uint64) (sbo.Data, sbo.Data, error) {
		train, test, err := p.rows(ctx)
		if err != nil {
			return train, test, err
		}
		rows := sbo.Rand(seed, "design").Perm(train.Len())[:n]
		slices.Sort(rows)
		return oneResponse(train.Subset(rows), k), oneResponse(test, k), nil
	}
	return s
}

// oneResponse returns the samples with response k alone.
func oneResponse(d sbo.Data, k int) sbo.Data {
	one := sbo.NewData(d.NX, 1, d.Len())
	copy(one.X, d.X)
	for i := range d.Len() {
		one.Y[i] = d.Responses(i)[k]
		copy(one.PartialsOf(i), d.PartialsOf(i)[k*d.NX:(k+1)*d.NX])
	}
	return one
}

// airfoilEfficiencies are the numbers of samples to learn lift, moment and drag of
// sections from, with partials and without.
func airfoilEfficiencies(o Options) []efficiency {
	table, designs := &polarTable{most: 8192, heldOut: 2000}, 3
	if o.Seeds > 0 {
		designs = o.Seeds
	}
	if o.Quick {
		table, designs = &polarTable{most: 64, heldOut: 500}, 1
		return []efficiency{{table.subject("cl", 0), table.most, designs}} // the others take minutes
	}
	return []efficiency{
		{table.subject("cl", 0), table.most, designs},
		{table.subject("cm", 2), table.most, designs},
		{table.subject("cd", 1), table.most, designs},
	}
}

// airfoilSamples makes the rows of the accuracy by the number of samples, and of the
// samples needed.
func airfoilSamples(ctx context.Context, e efficiency, curves func(Curve), progress func(float64)) ([]Row, error) {
	var both []Curve
	collect := func(c Curve) {
		both = append(both, c)
		if curves != nil {
			curves(c)
		}
	}
	var goals []float64
	if e.subject.name == "cd" { // the paper tells of no other
		goals = []float64{goalAirfoilSamples}
	}
	needed, _, err := e.count(ctx, collect, progress, goals...)
	return append(byNumber(e.subject, both), needed...), err
}

// byNumber sets the points of curves in the order of the samples.
func byNumber(s *subject, curves []Curve) []Row {
	var numbers []int
	for _, c := range curves {
		numbers = append(numbers, c.Samples...)
	}
	slices.Sort(numbers)
	var list []Row
	for _, n := range slices.Compact(numbers) {
		r := &rows{name: s.at(n)}
		for _, c := range curves {
			metric := "r2_without_partials"
			if c.Partials {
				metric = "r2_with_partials"
			}
			if i := slices.Index(c.Samples, n); i >= 0 {
				r.add(metric, "1", higher, 1-c.NRMSE[i]*c.NRMSE[i])
			}
		}
		list = append(list, r.list...)
	}
	return list
}
