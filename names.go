package sbo

import "strings"

// Nearest returns the one of the names that is spelled most like name, for a
// "did you mean" in an error message, or "" if none is close: more than a third
// of the letters would have to change. Case does not count.
func Nearest(name string, names []string) string {
	nearest, fewest := "", 1+max(1, len(name)/3)
	for _, n := range names {
		if d := editDistance(strings.ToLower(name), strings.ToLower(n)); d < fewest {
			nearest, fewest = n, d
		}
	}
	return nearest
}

// editDistance is the number of bytes to insert, delete, replace or swap with
// their neighbor to make b of a: the optimal string alignment distance (Boytsov,
// Indexing Methods for Approximate Dictionary Searching, 2011, section 2.2).
func editDistance(a, b string) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, above, row = above, row, before
		row[0] = i + 1
		for j := range len(b) {
			replace := above[j]
			if a[i] != b[j] {
				replace++
			}
			row[j+1] = min(replace, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
