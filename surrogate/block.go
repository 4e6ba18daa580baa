package surrogate

// block is some samples that follow each other in a training set, scaled and in
// columns: a row per input, response, partial or weight.
type block struct {
	ld          int       // from one row to the next
	x, y, beta  []float64 // nx, ny and ny rows
	dydx, gamma []float64 // ny by nx rows; nil when no partial counts

	rows []int // room for fill: where the samples are in the data
}

// residuals counts those of the first samples of the block.
func (b block) residuals(samples int) int {
	n := 0
	for _, weights := range [][]float64{b.beta, b.gamma} {
		for from := 0; from < len(weights); from += b.ld {
			for _, w := range weights[from:][:samples] {
				if w > 0 {
					n++
				}
			}
		}
	}
	return n
}

// hasPartials reports whether any partial counts.
func (t trainingSet) hasPartials() bool {
	return t.gamma != nil || t.source != nil && t.source.partials
}

// room returns what block needs to work with: a block for as many samples, if they
// have to be read from where they are.
func (t trainingSet) room(samples int) block {
	if t.source == nil {
		return block{}
	}
	return t.source.newBlock(samples, trainingSet{})
}

// block returns so many samples from the given one on, which may lie in the room.
func (t trainingSet) block(room *block, from, samples int) block {
	if t.source != nil {
		t.source.fill(room, from, samples)
		return *room
	}
	b := block{ld: t.m, x: t.x[from:], y: t.y[from:], beta: t.beta[from:]}
	if t.gamma != nil {
		b.dydx, b.gamma = t.dydx[from:], t.gamma[from:]
	}
	return b
}

// blocks calls f for all samples in turn, some at a time.
func (t trainingSet) blocks(f func(from, samples int, b block)) {
	room := t.room(blockColumns)
	for from := 0; from < t.m; from += blockColumns {
		samples := min(blockColumns, t.m-from)
		f(from, samples, t.block(&room, from, samples))
	}
}
