// Package numeral reads numbers as engineering programs print them.
//
// Besides what Go, C and Python write, Fortran programs write exponents with a D
// (1.5D+03), and leave the letter out where the exponent has three digits
// (1.5-103). Both mean what they say here; a reader that stops at the letter, as
// C's strtod does, would take 1.5 for either.
package numeral

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	number = regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eEdDqQ][-+]?[0-9]+|[-+][0-9]{3})?$`)
	odd    = regexp.MustCompile(`(?i)^[-+]?(nan|inf|infinity)(\([^)]*\))?$`)
)

// Parse reads one number, NaN and infinities included, and reports whether the
// text is one. A number beyond the range of float64 is infinite, as it is for
// [strconv.ParseFloat]; one too small for it is zero.
func Parse(text string) (float64, bool) {
	switch {
	case odd.MatchString(text):
		text, _, _ = strings.Cut(text, "(") // nan(ind)
		if strings.Contains(strings.ToLower(text), "nan") {
			return math.NaN(), true
		}
		if text[0] == '-' {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	case !number.MatchString(text):
		return 0, false
	}
	v, err := strconv.ParseFloat(plain(text), 64)
	return v, err == nil || errors.Is(err, strconv.ErrRange)
}

// plain returns the number with its exponent behind an e.
func plain(text string) string {
	if i := strings.IndexAny(text, "eEdDqQ"); i >= 0 {
		return text[:i] + "e" + text[i+1:]
	}
	if i := strings.LastIndexAny(text, "+-"); i > 0 {
		return text[:i] + "e" + text[i:]
	}
	return text
}

// IsOverflow reports whether the text is a field of asterisks, which Fortran
// prints for a number that does not fit its columns.
func IsOverflow(text string) bool { return text != "" && strings.Trim(text, "*") == "" }
