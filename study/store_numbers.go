package study

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// keyOf returns what the store finds a point by: the exact bits of x.
func keyOf(x []float64) []byte {
	key := make([]byte, 0, 8*len(x))
	for _, v := range x {
		key = binary.BigEndian.AppendUint64(key, math.Float64bits(v))
	}
	return key
}

// pointOf is the inverse of keyOf.
func pointOf(key []byte) []float64 {
	x := make([]float64, len(key)/8)
	for j := range x {
		x[j] = math.Float64frombits(binary.BigEndian.Uint64(key[8*j:]))
	}
	return x
}

// numbersText writes numbers as a JSON array from which they come back to the
// bit; what is not finite becomes null. Every number has a point or an exponent,
// because SQL divides whole numbers otherwise than others.
func numbersText(numbers []float64) string {
	text := make([]byte, 0, 16*len(numbers)+2)
	text = append(text, '[')
	for i, v := range numbers {
		if i > 0 {
			text = append(text, ',')
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			text = append(text, "null"...)
			continue
		}
		start := len(text)
		text = strconv.AppendFloat(text, v, 'g', -1, 64)
		if !strings.ContainsAny(string(text[start:]), ".e") {
			text = append(text, ".0"...)
		}
	}
	return string(append(text, ']'))
}

// parseNumbers reads what numbersText wrote; null becomes NaN.
func parseNumbers(text string) ([]float64, error) {
	inner, opened := strings.CutPrefix(text, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !opened || !closed {
		return nil, fmt.Errorf("%q is no array of numbers", text)
	}
	if inner == "" {
		return []float64{}, nil
	}
	numbers := make([]float64, 0, strings.Count(inner, ",")+1)
	for field := range strings.SplitSeq(inner, ",") {
		field = strings.TrimSpace(field)
		if field == "null" {
			numbers = append(numbers, math.NaN())
			continue
		}
		v, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no array of numbers", text)
		}
		numbers = append(numbers, v)
	}
	return numbers, nil
}
