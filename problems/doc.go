// Package problems holds test problems whose answers are known: each has bounds,
// exact partials derived by hand, its global minimum, and a source.
package problems
