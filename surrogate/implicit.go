package surrogate

import "github.com/sbo-go/sbo/internal/kernel"

// implicit is the Jacobian J by the parameters of the weighted residuals of values
// and partials, as [residualModel] has it, in a form that gives products with J and
// J' and never J itself: one costs about as much as one gradient of the loss, so that
// memory and time grow with the parameters, not with their square. What a pass holds
// of each block of samples is kept, seven numbers for every neuron and sample, and no
// activation is computed again.
//
// It is a workspace for one goroutine.
type implicit struct {
	set     trainingSet
	trusted trainingSet // the set with weights of the partials multiplied by trust
	zero    []float64   // targets of changes
	columns int         // samples in a block but the last
	blocks  []*pass
	full    tangent // for blocks of that size
	tail    tangent // for a smaller last one
}

func newImplicit(net Network, set trainingSet) *implicit {
	m := &implicit{set: set, trusted: set, columns: blockFor(net, set.m)}
	m.zero = make([]float64, max(len(set.beta), len(set.gamma)))
	for from := 0; from < set.m; from += m.columns {
		p := newFullPass(net, min(m.columns, set.m-from), net.nx() < net.ny())
		switch {
		case p.columns < m.columns:
			m.tail = newTangent(p)
		case m.full.pass == nil:
			m.full = newTangent(p)
		}
		for j := range set.nx {
			copy(p.input(j), set.x[j*set.m+from:])
		}
		m.blocks = append(m.blocks, p)
	}
	return m
}

// trust sets how much the partials of each column count, ny by nx; nil is 1.
func (m *implicit) trust(trust []float64) { m.trusted = m.set.trusted(trust) }

// trusted returns the set with the weights of the partials multiplied by the trust in
// their column, ny by nx; nil is 1.
func (t trainingSet) trusted(trust []float64) trainingSet {
	if trust == nil || !t.hasPartials() {
		return t
	}
	if t.source != nil {
		doubted := *t.source
		doubted.trust = trust
		t.source = &doubted
		return t
	}
	gamma := make([]float64, len(t.gamma))
	for c, by := range trust {
		axpy(gamma[c*t.m:(c+1)*t.m], by, t.gamma[c*t.m:(c+1)*t.m])
	}
	t.gamma = gamma
	return t
}

// at moves to the parameters, which must not change while products are taken.
func (m *implicit) at(parameters []float64) {
	for _, p := range m.blocks {
		p.net.Parameters = parameters
		p.values(true)
		if m.set.gamma != nil {
			p.jacobian()
		}
	}
}

// product adds J'J v to dst.
func (m *implicit) product(dst, v []float64) {
	partials := m.set.gamma != nil
	for b, p := range m.blocks {
		d := m.along(b, v)
		p.weigh(d.pass, m.trusted, b*m.columns, m.zero, m.zero)
		p.gradient(dst, partials)
	}
}

// along returns how block b changes along v.
func (m *implicit) along(b int, v []float64) tangent {
	p, d := m.blocks[b], m.full
	if p.columns < m.columns {
		d = m.tail
	}
	d.along(p, v, m.set.gamma != nil)
	return d
}

// weigh writes the weighted differences of the outputs and partials that `of` holds
// from targets, of samples that begin at `from`, where the loss by them belongs, and
// returns the sums of weight times difference squared.
func (p *pass) weigh(of *pass, set trainingSet, from int, y, dydx []float64) (values, partials float64) {
	last := p.net.layers()
	weigh := func(l int, to, prediction field, slot int, target, weight []float64, ld int) float64 {
		dst, x := p.view(l, to, slot, p.columns), of.view(l, prediction, slot, p.columns)
		return kernel.Residuals(dst.Data, x.Data, dst.Stride, target, weight, ld, dst.Rows, p.columns, 1)
	}
	values = weigh(last, fieldQ, fieldA, 0, y[from:], set.beta[from:], set.m)
	if set.gamma == nil {
		return values, 0
	}
	for i := range p.slots {
		if p.forward { // slot i is input i, a row per output
			at := i*set.m + from
			partials += weigh(last, fieldS, fieldV, i, dydx[at:], set.gamma[at:], set.nx*set.m)
		} else { // slot i is output i, a row per input
			at := i*set.nx*set.m + from
			partials += weigh(0, fieldV, fieldT, i, dydx[at:], set.gamma[at:], set.m)
		}
	}
	return values, partials
}

// each calls f for every column of residuals of block b, that of the values of a
// response (-1) and then those of its partials, with its targets and weights in the
// set, trust not counted.
func (m *implicit) each(b int, f func(column int, prediction, target, weight []float64)) {
	p, t := m.blocks[b], m.set
	for k := range t.ny {
		at := k*t.m + b*m.columns
		f(-1, p.output(k), t.y[at:], t.beta[at:])
		for j := range t.nx {
			if t.gamma == nil {
				break
			}
			at := (k*t.nx+j)*t.m + b*m.columns
			f(k*t.nx+j, p.partial(k, j), t.dydx[at:], t.gamma[at:])
		}
	}
}

// determined adds scale times (J_c u)' J_c v to well, for the values and each column c
// of partials.
func (m *implicit) determined(well, u, v []float64, scale float64) {
	t := m.trusted
	changes := make([]float64, (1+t.nx)*t.ny*m.columns)
	for b := range m.blocks {
		for pass, direction := range [][]float64{u, v} {
			d, next := m.along(b, direction), 0
			column := func(c int, change, weight []float64) {
				kept := changes[next : next+len(change)]
				next += len(change)
				if pass == 0 {
					copy(kept, change)
					return
				}
				for i, e := range change {
					well[1+c] += scale * weight[i] * kept[i] * e
				}
			}
			for k := range t.ny {
				column(-1, d.output(k), t.beta[k*t.m+b*m.columns:])
				for j := range t.nx {
					if t.gamma != nil {
						c := k*t.nx + j
						column(c, d.partial(k, j), t.gamma[c*t.m+b*m.columns:])
					}
				}
			}
		}
	}
}
