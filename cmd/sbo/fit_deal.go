package main

import (
	"os"
	"runtime/debug"

	"github.com/sbo-go/sbo"
)

// manyBytes is the size of a table from which on the memory it takes counts.
const manyBytes = 64 << 20

// spareMemory lets the garbage of what follows be a fifth of the memory that is in use,
// not as much again, if the table is large. It returns how to undo that.
func spareMemory(table string) (undo func()) {
	if info, err := os.Stat(table); err != nil || info.Size() < manyBytes {
		return func() {}
	}
	before := debug.SetGCPercent(20)
	return func() { debug.SetGCPercent(before) }
}

// deal returns two sets of rows of a table, without a copy: it brings the rows of the
// table itself in that order.
func deal(d sbo.Data, one, other []int) (first, second sbo.Data) {
	order := make([]int, 0, d.Len()) // the row that comes here
	order = append(append(order, one...), other...)
	left := make([]bool, d.Len())
	for i := range left {
		left[i] = true
	}
	for _, i := range order {
		left[i] = false
	}
	for i, is := range left {
		if is {
			order = append(order, i)
		}
	}
	permute(d.X, d.NX, order)
	permute(d.Y, d.NY, order)
	if d.Partials != nil {
		permute(d.Partials, d.NY*d.NX, order)
	}
	rows := func(from, to int) sbo.Data {
		part := sbo.Data{NX: d.NX, NY: d.NY, X: d.X[from*d.NX : to*d.NX : to*d.NX], Y: d.Y[from*d.NY : to*d.NY : to*d.NY]}
		if n := d.NX * d.NY; d.Partials != nil {
			part.Partials = d.Partials[from*n : to*n : to*n]
		}
		return part
	}
	return rows(0, len(one)), rows(len(one), len(one)+len(other))
}

// permute brings row order[i], of n numbers, to where row i is, for all i.
func permute(rows []float64, n int, order []int) {
	row := func(i int) []float64 { return rows[i*n : (i+1)*n] }
	done, first := make([]bool, len(order)), make([]float64, n)
	for start := range order {
		if done[start] || order[start] == start {
			continue
		}
		copy(first, row(start))
		at := start
		for ; order[at] != start; at = order[at] {
			copy(row(at), row(order[at]))
			done[at] = true
		}
		copy(row(at), first)
		done[at] = true
	}
}
