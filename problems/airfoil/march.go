package airfoil

import "math"

// march integrates momentum and entrainment along the side. With y = theta^2
// u^6/nu, the momentum integral equation is not stiff: a laminar layer adds 0.45
// u^5, a turbulent one what friction and pressure do, and their intermittency g
// mixes the two:
//
//	y'  = (1 - g) 0.45 u^5 + g (u^6 theta cf + (2 - 2H) theta^2 u^5 u')/nu
//	H1' = g ((F - H1 cf/2)/theta + H1 (H + 1) u'/u)
//
// The steps are those of Runge and Kutta's method of fourth order.
func (s *side) march(f Flow) {
	nu := 1 / f.Reynolds
	s.y.v[0], s.h1.v[0], s.h1.v[1] = 0, turbulentStart, turbulentStart
	clear(s.y.of(0))
	clear(s.h1.of(0))
	clear(s.h1.of(1))
	s.y.v[1] = 0.45 * s.integral.v[1]
	s.y.set(1, 0.45, s.integral.of(1))
	for k := 1; k < steps; k++ {
		if s.g.v[2*k] == 0 && s.g.v[2*k+2] == 0 { // laminar: the method is Simpson's rule
			s.y.v[k+1], s.h1.v[k+1] = 0.45*s.integral.v[k+1], s.h1.v[k]
			s.y.set(k+1, 0.45, s.integral.of(k+1))
			copy(s.h1.of(k+1), s.h1.of(k))
			continue
		}
		s.advance(k, nu)
	}
	s.squireYoung(nu)
}

// state is y and H1 during a step, with their partials; a slope of them has the
// same form.
type state struct {
	y, h1   float64
	dy, dh1 []float64
}

// rooms returns the n-th state in the scratch room.
func (s *side) room(n int) state {
	return state{dy: s.scratch.of(2 * n), dh1: s.scratch.of(2*n + 1)}
}

// advance makes step k.
func (s *side) advance(k int, nu float64) {
	h, share := s.step(k)
	dl := s.length.of(0)
	start := state{s.y.v[k], s.h1.v[k], s.y.of(k), s.h1.of(k)}
	trial, sum, slope := s.room(1), s.room(2), s.room(3)
	end := state{dy: s.y.of(k + 1), dh1: s.h1.of(k + 1)}
	clear(sum.dy)
	clear(sum.dh1)
	at := start
	for _, stage := range [4]struct {
		point  int     // where the slope is taken
		weight float64 // in the sum
		ahead  float64 // how far the next stage goes, in steps
	}{{2 * k, 1, 0.5}, {2*k + 1, 2, 0.5}, {2*k + 1, 2, 1}, {2*k + 2, 1, 0}} {
		s.slope(&slope, at, stage.point, nu)
		sum.y += stage.weight * slope.y
		sum.h1 += stage.weight * slope.h1
		axpy(sum.dy, stage.weight, slope.dy)
		axpy(sum.dh1, stage.weight, slope.dh1)
		trial.move(start, slope, h*stage.ahead, share*stage.ahead, dl)
		at = trial
	}
	end.move(start, sum, h/6, share/6, dl)
	s.y.v[k+1], s.h1.v[k+1] = end.y, end.h1
}

// move sets t to the state from which a slope leads over the length h, which is a
// share of the length of the side, with partials dl.
func (t *state) move(from, slope state, h, share float64, dl []float64) {
	t.y, t.h1 = from.y+h*slope.y, from.h1+h*slope.h1
	for j := range t.dy {
		dh := share * dl[j]
		t.dy[j] = from.dy[j] + h*slope.dy[j] + dh*slope.y
		t.dh1[j] = from.dh1[j] + h*slope.dh1[j] + dh*slope.h1
	}
}

// slope sets r to the slopes of a state at point q.
func (s *side) slope(r *state, at state, q int, nu float64) {
	u, du, g, y, h1 := s.u.v[q], s.du.v[q], s.g.v[q], at.y, at.h1
	h, dh := turbulentShape(h1)
	root := math.Sqrt(y / nu)
	re := root / (u * u)
	cf, cfByH, cfByLog := turbulentFriction(h, re) // log Re = log(y/nu)/2 - 2 log u
	cfByH1 := cfByH * dh
	enter, dEnter := entrainment(h1)
	u3, u4 := u*u*u, u*u*u*u
	inverse := u3 / (root * nu) // 1/theta

	friction, pressure := u3*root*cf, (2-2*h)*y*du/u
	laminar := 0.45 * u4 * u
	fill, turn := (enter-h1*cf/2)*inverse, h1*(h+1)*du/u
	r.y = (1-g)*laminar + g*(friction+pressure)
	r.h1 = g * (fill + turn)

	byY := g * (friction/2 + u3*root*cfByLog/2 + pressure) / y
	byH1 := g * (u3*root*cfByH1 - 2*dh*y*du/u)
	byU := (1-g)*2.25*u4 + g*(3*friction-2*u3*root*cfByLog-pressure)/u
	byDU, byG := g*(2-2*h)*y/u, friction+pressure-laminar
	h1ByY := -g * (fill + h1*cfByLog/2*inverse) / (2 * y)
	h1ByH1 := g * ((dEnter-cf/2-h1*cfByH1/2)*inverse + (h+1+h1*dh)*du/u)
	h1ByU := g * (3*fill + h1*cfByLog*inverse - turn) / u
	h1ByDU, h1ByG := g*h1*(h+1)/u, fill+turn
	dy, dh1 := r.dy, r.dh1
	ay, ah, au, ad, ag := at.dy, at.dh1, s.u.of(q), s.du.of(q), s.g.of(q)
	for j := range dy {
		dy[j] = byY*ay[j] + byH1*ah[j] + byU*au[j] + byDU*ad[j] + byG*ag[j]
		dh1[j] = h1ByY*ay[j] + h1ByH1*ah[j] + h1ByU*au[j] + h1ByDU*ad[j] + h1ByG*ag[j]
	}
}

// squireYoung finds the drag from the layer at the trailing edge (H. B. Squire, A.
// D. Young, ARC R&M 1838, 1937): 2 theta u^((H+5)/2).
func (s *side) squireYoung(nu float64) {
	const k = steps
	u, g, y, laminar := s.u.v[2*k], s.g.v[2*k], s.y.v[k], s.shape.v[k]
	turbulent, dTurbulent := turbulentShape(s.h1.v[k])
	h := (1-g)*laminar + g*turbulent
	theta := math.Sqrt(y*nu) / (u * u * u)
	log := math.Log(u)
	d := 2 * theta * math.Exp((h+5)/2*log)
	s.drag.v[0] = d
	row := s.drag.of(0)
	clear(row)
	axpy(row, d/(2*y), s.y.of(k))
	axpy(row, d*((h+5)/2-3)/u, s.u.of(2*k))
	axpy(row, d*log/2*(1-g), s.shape.of(k))
	axpy(row, d*log/2*g*dTurbulent, s.h1.of(k))
	axpy(row, d*log/2*(turbulent-laminar), s.g.of(2*k))
}

// displace finds the displacement thickness theta H around the section, with the
// shape factor of the turbulent layer, smoothly limited to 2: what is thicker has
// separated, and its effect on the flow is not that of a displaced surface.
func (l *layer) displace(f Flow) {
	nu := 1 / f.Reynolds
	const limit, width = 2, 0.2
	for i := range l.sides {
		s := &l.sides[i]
		for k := range steps + 1 {
			at := steps + k
			if s.direction < 0 {
				at = steps - k
			}
			if k == 0 && i > 0 {
				continue // the stagnation point is on both sides
			}
			u, du := s.u.v[2*k], s.du.v[2*k]
			h, dh := turbulentShape(s.h1.v[k])
			below, slope := smoothPositive(limit-h, width)
			h, dh = limit-below, slope*dh
			l.displaced.s.v[at] = s.place.v[k]
			copy(l.displaced.s.of(at), s.place.of(k))
			row := l.displaced.v.of(at)
			var theta float64
			if k == 0 {
				theta = math.Sqrt(stagnationLambda * nu / du)
				l.displaced.v.set(at, -theta*h/(2*du), s.du.of(0))
			} else {
				theta = math.Sqrt(s.y.v[k]*nu) / (u * u * u)
				l.displaced.v.set(at, theta*h/(2*s.y.v[k]), s.y.of(k))
				axpy(row, -3*theta*h/u, s.u.of(2*k))
			}
			axpy(row, theta*dh, s.h1.of(k))
			l.displaced.v.v[at] = theta * h
		}
	}
	l.displaced.solve(l.work)
}
