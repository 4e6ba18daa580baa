package picture

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// isoline is the line on a map where z has a level. gonum's contours draw their
// pieces in the random order of a map; a report must be the same every time.
type isoline struct {
	m     Map
	z     []float64
	level float64
	style draw.LineStyle
}

// Plot draws the line by marching squares: in each cell of the grid it runs from
// edge to edge, and the pieces are joined where cells share an edge.
func (l isoline) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	joints := map[edge][]edge{}
	var order []edge
	for i := range len(l.m.Y) - 1 {
		for j := range len(l.m.X) - 1 {
			for _, piece := range l.cell(i, j) {
				for n, e := range piece {
					if joints[e] == nil {
						order = append(order, e)
					}
					joints[e] = append(joints[e], piece[1-n])
				}
			}
		}
	}
	c.SetLineStyle(l.style)
	done := map[edge]bool{}
	trace := func(e edge) {
		var path vg.Path
		for next, more := e, true; more; {
			e = next
			done[e] = true
			ex, ey := l.cross(e)
			if at := (vg.Point{X: x(ex), Y: y(ey)}); len(path) == 0 {
				path.Move(at)
			} else {
				path.Line(at)
			}
			more = false
			for _, n := range joints[e] {
				if !done[n] {
					next, more = n, true
					break
				}
			}
			if !more && len(joints[e]) == 2 && len(path) > 2 {
				path.Close()
			}
		}
		c.Stroke(path)
	}
	for _, ends := range []bool{true, false} { // open lines from their ends, then the loops
		for _, e := range order {
			if !done[e] && (len(joints[e]) == 1) == ends {
				trace(e)
			}
		}
	}
}

// edge is an edge of the grid: from column j of row i to the right, or upward.
type edge struct {
	i, j int
	up   bool
}

// cell returns the pieces of the line in the cell above and right of (i, j), as
// pairs of edges.
func (l isoline) cell(i, j int) [][2]edge {
	left, right := edge{i, j, true}, edge{i, j + 1, true}
	bottom, top := edge{i, j, false}, edge{i + 1, j, false}
	var cut []edge
	for _, e := range []edge{bottom, right, top, left} {
		a, b := l.ends(e)
		if math.IsNaN(a) || math.IsNaN(b) {
			return nil
		}
		if (a > 0) != (b > 0) {
			cut = append(cut, e)
		}
	}
	switch len(cut) {
	case 2:
		return [][2]edge{{cut[0], cut[1]}}
	case 4: // a saddle: the mean decides which corners are joined
		a, b := l.ends(bottom)
		d, e := l.ends(top)
		if (a+b+d+e > 0) == (a > 0) {
			return [][2]edge{{bottom, right}, {top, left}}
		}
		return [][2]edge{{bottom, left}, {top, right}}
	}
	return nil
}

// ends returns z less the level at the two ends of an edge.
func (l isoline) ends(e edge) (a, b float64) {
	n := len(l.m.X)
	from := e.i*n + e.j
	to := from + 1
	if e.up {
		to = from + n
	}
	return l.z[from] - l.level, l.z[to] - l.level
}

// cross returns where the line crosses an edge.
func (l isoline) cross(e edge) (x, y float64) {
	a, b := l.ends(e)
	t := a / (a - b)
	x, y = l.m.X[e.j], l.m.Y[e.i]
	if e.up {
		return x, y + t*(l.m.Y[e.i+1]-y)
	}
	return x + t*(l.m.X[e.j+1]-x), y
}
