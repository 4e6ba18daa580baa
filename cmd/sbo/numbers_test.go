package main

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumbersInJSON(t *testing.T) {
	text, err := json.Marshal(struct {
		A number     `json:"a"`
		B []number   `json:"b"`
		X pairs      `json:"x"`
		D jacobian   `json:"d"`
		N pairs      `json:"n"`
		O pairs      `json:"o,omitzero"`
		P jacobian   `json:"p,omitzero"`
		Q jacobian   `json:"q"`
		E *bestPoint `json:"e"`
	}{
		A: 0.1, B: numbers([]float64{1, math.NaN(), math.Inf(-1)}),
		X: named([]string{"z", "a"}, []float64{1e-300, 2}),
		D: jacobian{[]string{"g", "f"}, []string{"z", "a"}, []float64{1, 2, 3, math.NaN()}},
	})
	require.NoError(t, err)
	require.JSONEq(t, `{"a":0.1,"b":[1,null,null],"x":{"z":1e-300,"a":2},"d":{"g":{"z":1,"a":2},"f":{"z":3,"a":null}},"n":null,"q":null,"e":null}`, string(text))
	require.Contains(t, string(text), `"x":{"z":1e-300,"a":2}`, "in the order of the study")
}

func TestTable(t *testing.T) {
	table := &table{left: 1, header: []string{"name", "value", ""}}
	table.add("µ", "1.5", "first")
	table.add("long name", "-12", "")
	require.Equal(t, "  name       value\n  µ            1.5  first\n  long name    -12\n", table.String())
}
