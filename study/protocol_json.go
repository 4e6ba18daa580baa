package study

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/sbo-go/sbo"
)

// request writes what a program is asked in the json protocol: the point with the
// names of the variables, and of which responses the partials are wanted besides
// the value. Numbers are written so that they read back to the bit.
//
//	{"id": 7, "x": {"alpha": 1.5}, "want": {"cd": ["value", "partials"], "cl": ["value"]}}
func request(id int, p sbo.Problem, mask []bool, x []float64) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"id": %d, "x": {`, id)
	member := func(i int, name string, value any) error {
		if i > 0 {
			b.WriteString(", ")
		}
		key, err := json.Marshal(name)
		if err != nil {
			return fmt.Errorf("study: %w", err)
		}
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("study: %s: %w", name, err)
		}
		fmt.Fprintf(&b, "%s: %s", key, text)
		return nil
	}
	for j, v := range p.Variables {
		if err := member(j, v.Name, x[j]); err != nil {
			return nil, err
		}
	}
	b.WriteString(`}, "want": {`)
	for k, r := range p.Responses {
		want := []string{"value"}
		for _, declared := range mask[k*p.NX() : (k+1)*p.NX()] {
			if declared {
				want = []string{"value", "partials"}
				break
			}
		}
		if err := member(k, r.Name, want); err != nil {
			return nil, err
		}
	}
	b.WriteString("}}\n")
	return b.Bytes(), nil
}
