package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// number is a float64 that JSON has a word for when it is not finite: null.
type number float64

// MarshalJSON writes the number in the fewest digits that give it back.
func (n number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, v, 'g', -1, 64), nil
}

func numbers(v []float64) []number {
	n := make([]number, len(v))
	for i := range v {
		n[i] = number(v[i])
	}
	return n
}

// pairs are numbers with names, a JSON object in their order; null without any.
type pairs struct {
	names  []string
	values []float64
}

func named(names []string, v []float64) pairs { return pairs{names, v} }

// IsZero reports whether there are no numbers.
func (p pairs) IsZero() bool { return p.values == nil }

// MarshalJSON writes the object.
func (p pairs) MarshalJSON() ([]byte, error) {
	if p.values == nil {
		return []byte("null"), nil
	}
	return object(p.names, func(i int) ([]byte, error) { return number(p.values[i]).MarshalJSON() })
}

// jacobian is partials (ny by nx) by response and variable, a JSON object of
// objects; null without any.
type jacobian struct {
	outputs, inputs []string
	dydx            []float64
}

// IsZero reports whether there are no partials.
func (d jacobian) IsZero() bool { return d.dydx == nil }

// MarshalJSON writes the object.
func (d jacobian) MarshalJSON() ([]byte, error) {
	if d.dydx == nil {
		return []byte("null"), nil
	}
	nx := len(d.inputs)
	return object(d.outputs, func(k int) ([]byte, error) { return named(d.inputs, d.dydx[k*nx:(k+1)*nx]).MarshalJSON() })
}

// object writes a JSON object whose keys keep their order.
func object(names []string, value func(i int) ([]byte, error)) ([]byte, error) {
	out := []byte{'{'}
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		text, err := value(i)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, key...), ':'), text...)
	}
	return append(out, '}'), nil
}

// short is a number for tables: six digits, and a dash for what is not known.
func short(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// long is a number to be used further: every digit counts.
func long(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// plural is a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func list(names []string) string { return strings.Join(names, ", ") }
