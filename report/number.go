package report

import (
	"encoding/json"
	"math"

	"github.com/sbo-go/sbo/report/internal/picture"
)

// number writes a number for people, with six significant digits.
func number(v float64) string { return picture.Number(v, 6) }

// brief writes a number for people, with three.
func brief(v float64) string { return picture.Number(v, 3) }

// unit returns a unit with a blank before it, nothing for none.
func unit(u string) string {
	if u == "" {
		return ""
	}
	return " " + u
}

// jsonNumber is a number in JSON, which has no NaN and no infinity: they are null.
type jsonNumber float64

// MarshalJSON writes the number.
func (r jsonNumber) MarshalJSON() ([]byte, error) {
	v := float64(r)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(v)
}
