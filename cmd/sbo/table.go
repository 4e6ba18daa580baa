package main

import (
	"strings"
	"unicode/utf8"
)

// table is text in columns.
type table struct {
	header []string
	rows   [][]string
	left   int // so many columns, from the first, are aligned to the left; the others are numbers
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// String returns the table, two spaces between columns and two in front.
func (t *table) String() string {
	var width []int
	all := t.rows
	if t.header != nil {
		all = append([][]string{t.header}, t.rows...)
	}
	for _, row := range all {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range all {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i < t.left {
				line.WriteString("  " + cell + pad)
			} else {
				line.WriteString("  " + pad + cell)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
