package sbo_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

func TestWriteCSV(t *testing.T) {
	d := sbo.NewData(2, 2, 2)
	copy(d.X, []float64{0.1, -3, 1e-300, 1.0 / 3})
	copy(d.Responses(0), []float64{math.Pi, math.Copysign(0, -1)})
	d.Partials[d.Partial(0, 1, 0)] = 1e22
	var file bytes.Buffer
	require.NoError(t, sbo.WriteCSV(&file, sbo.Columns{Inputs: []string{"a", "b"}, Outputs: []string{"f", "g"}}, d))
	require.Equal(t, "a,b,f,g,dg_da\n"+
		"0.1,-3,3.141592653589793,-0,1e+22\n"+
		"1e-300,0.3333333333333333,,,\n", file.String())
}

func TestCSVKeepsEveryBit(t *testing.T) {
	rng := sbo.Rand(1, "csv")
	d := sbo.NewData(3, 2, 50)
	for _, s := range [][]float64{d.X, d.Y, d.Partials} {
		for i := range s {
			s[i] = rng.NormFloat64() * math.Pow(10, float64(rng.IntN(600)-300))
		}
	}
	d.Forget(7)
	d.Partials[4] = nan
	c := sbo.Columns{Inputs: []string{"x_1", "x_2", "d_d"}, Outputs: []string{"f", "f_d"}}
	var file bytes.Buffer
	require.NoError(t, sbo.WriteCSV(&file, c, d))
	got, columns, err := sbo.ReadCSV(&file, "t.csv", c.Inputs, c.Outputs)
	require.NoError(t, err)
	require.Equal(t, c, columns)
	requireSame(t, d, got)
}

func TestWriteCSVRefusesWhatCannotBeReadBack(t *testing.T) {
	names := func(x, f string) sbo.Columns { return sbo.Columns{Inputs: []string{x}, Outputs: []string{f}} }
	data := func(x, f float64) sbo.Data {
		return sbo.Data{NX: 1, NY: 1, X: []float64{x}, Y: []float64{f}, Partials: []float64{1}}
	}
	tests := []struct {
		name string
		c    sbo.Columns
		d    sbo.Data
		want string
	}{
		{"missing input", names("x", "f"), data(nan, 1), `sample 1: input "x" is NaN`},
		{"infinite response", names("x", "f"), data(1, math.Inf(1)), `sample 1: "f" is +Inf`},
		{"no name", names("x", ""), data(1, 1), "no name"},
		{"same name", names("x", "x"), data(1, 1), `two columns are called "x"`},
		{"name of a partial", names("df_dd", "f"), data(1, 1), ""},
		{"comma in a name", names("x,y", "f"), data(1, 1), `the name "x,y" does not fit`},
		{"space around a name", names("x ", "f"), data(1, 1), `the name "x " does not fit`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := sbo.WriteCSV(io.Discard, tt.c, tt.d)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
	require.PanicsWithValue(t, "sbo: 1 inputs and 1 outputs named for data of 2 and 1", func() {
		_ = sbo.WriteCSV(io.Discard, names("x", "f"), sbo.NewData(2, 1, 0))
	})
	broken := errors.New("disk full")
	require.ErrorIs(t, sbo.WriteCSV(writerFunc(func([]byte) (int, error) { return 0, broken }), names("x", "f"), data(1, 1)), broken)
}
