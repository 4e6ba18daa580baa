package sbo_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

var nan = math.NaN()

func TestReadCSV(t *testing.T) {
	tests := []struct {
		name            string
		file            string
		inputs, outputs []string
		want            sbo.Data
		columns         sbo.Columns
	}{
		{
			name: "everything inferred from the partials",
			file: "x1,x2,f,df_dx1,df_dx2\n1,2,3,4,5\n6,7,8,9,10\n",
			want: sbo.Data{NX: 2, NY: 1, X: []float64{1, 2, 6, 7}, Y: []float64{3, 8}, Partials: []float64{4, 5, 9, 10}},
			columns: sbo.Columns{
				Inputs: []string{"x1", "x2"}, Outputs: []string{"f"},
			},
		},
		{
			name:   "columns in any order, the caller's order in the data",
			file:   "df_db,f,b,df_da,a\n1,2,3,4,5\n",
			inputs: []string{"a", "b"}, outputs: []string{"f"},
			want:    sbo.Data{NX: 2, NY: 1, X: []float64{5, 3}, Y: []float64{2}, Partials: []float64{4, 1}},
			columns: sbo.Columns{Inputs: []string{"a", "b"}, Outputs: []string{"f"}},
		},
		{
			name: "names without their units in partials",
			file: "mach,altitude_km,thrust_N,dthrust_dmach,dthrust_daltitude_km\n1,2,3,4,5\n",
			want: sbo.Data{NX: 2, NY: 1, X: []float64{1, 2}, Y: []float64{3}, Partials: []float64{4, 5}},
			columns: sbo.Columns{
				Inputs: []string{"mach", "altitude_km"}, Outputs: []string{"thrust_N"},
			},
		},
		{
			name:   "underscores are matched, not split",
			file:   "p_d,q,f_d,df_d_dp_d,df_d_dq\n1,2,3,4,5\n",
			inputs: []string{"p_d", "q"}, outputs: []string{"f_d"},
			want:    sbo.Data{NX: 2, NY: 1, X: []float64{1, 2}, Y: []float64{3}, Partials: []float64{4, 5}},
			columns: sbo.Columns{Inputs: []string{"p_d", "q"}, Outputs: []string{"f_d"}},
		},
		{
			name:   "a name that reads two ways goes to the columns asked for",
			file:   "a,b_dc,a_db,c,da_db_dc\n1,2,3,4,5\n",
			inputs: []string{"b_dc"}, outputs: []string{"a"},
			want:    sbo.Data{NX: 1, NY: 1, X: []float64{2}, Y: []float64{1}, Partials: []float64{5}},
			columns: sbo.Columns{Inputs: []string{"b_dc"}, Outputs: []string{"a"}, Ignored: []string{"a_db", "c"}},
		},
		{
			name:    "some outputs have partials, some none",
			file:    "x,f,g,dg_dx\n1,2,3,4\n",
			inputs:  []string{"x"},
			outputs: []string{"f", "g"},
			want:    sbo.Data{NX: 1, NY: 2, X: []float64{1}, Y: []float64{2, 3}, Partials: []float64{nan, 4}},
			columns: sbo.Columns{Inputs: []string{"x"}, Outputs: []string{"f", "g"}},
		},
		{
			name:    "no partials: the rest is the other side",
			file:    "x,y,f\n1,2,3\n",
			outputs: []string{"f"},
			want:    sbo.Data{NX: 2, NY: 1, X: []float64{1, 2}, Y: []float64{3}},
			columns: sbo.Columns{Inputs: []string{"x", "y"}, Outputs: []string{"f"}},
		},
		{
			name:    "one of two inputs is held back, its partials are ignored",
			file:    "x,y,f,df_dx,df_dy\n1,2,3,4,5\n",
			inputs:  []string{"y"},
			want:    sbo.Data{NX: 1, NY: 1, X: []float64{2}, Y: []float64{3}, Partials: []float64{5}},
			columns: sbo.Columns{Inputs: []string{"y"}, Outputs: []string{"f"}, Ignored: []string{"x", "df_dx"}},
		},
		{
			name:    "points only",
			file:    "x,y\n1,2\n3,4\n",
			outputs: []string{},
			want:    sbo.Data{NX: 2, NY: 0, X: []float64{1, 2, 3, 4}},
			columns: sbo.Columns{Inputs: []string{"x", "y"}, Outputs: []string{}},
		},
		{
			name: "what is not known",
			file: "x,f,df_dx\n1,,nan\n2,NaN,3\n",
			want: sbo.Data{NX: 1, NY: 1, X: []float64{1, 2}, Y: []float64{nan, nan}, Partials: []float64{nan, 3}},
			columns: sbo.Columns{
				Inputs: []string{"x"}, Outputs: []string{"f"},
			},
		},
		{
			name:    "byte order mark, CRLF, spaces, quotes, blank lines, row numbers, no newline at the end",
			file:    "\ufeff,\" x\", f\r\n0,1, 2\r\n\r\n1,\"3\", 4e-1 ",
			inputs:  []string{"x"},
			want:    sbo.Data{NX: 1, NY: 1, X: []float64{1, 3}, Y: []float64{2, 0.4}},
			columns: sbo.Columns{Inputs: []string{"x"}, Outputs: []string{"f"}},
		},
		{
			name:    "semicolons",
			file:    "x;f\n1;2\n",
			inputs:  []string{"x"},
			want:    sbo.Data{NX: 1, NY: 1, X: []float64{1}, Y: []float64{2}},
			columns: sbo.Columns{Inputs: []string{"x"}, Outputs: []string{"f"}},
		},
		{
			name:    "tabs",
			file:    "x\tf\n1\t2\n",
			inputs:  []string{"x"},
			want:    sbo.Data{NX: 1, NY: 1, X: []float64{1}, Y: []float64{2}},
			columns: sbo.Columns{Inputs: []string{"x"}, Outputs: []string{"f"}},
		},
		{
			name:    "an index is no unit",
			file:    "x,f_1,df_dx\n1,2,3\n",
			inputs:  []string{"x"},
			outputs: []string{"f_1"},
			want:    sbo.Data{NX: 1, NY: 1, X: []float64{1}, Y: []float64{2}},
			columns: sbo.Columns{Inputs: []string{"x"}, Outputs: []string{"f_1"}, Ignored: []string{"df_dx"}},
		},
		{
			name:    "second derivatives are not partials of partials",
			file:    "x,f,df_dx,ddf_dx_dx\n1,2,3,4\n",
			inputs:  []string{"x"},
			outputs: []string{"f"},
			want:    sbo.Data{NX: 1, NY: 1, X: []float64{1}, Y: []float64{2}, Partials: []float64{3}},
			columns: sbo.Columns{Inputs: []string{"x"}, Outputs: []string{"f"}, Ignored: []string{"ddf_dx_dx"}},
		},
		{
			name:    "a partial that is named is an output like any",
			file:    "x,f,df_dx\n1,2,3\n",
			inputs:  []string{"x"},
			outputs: []string{"df_dx"},
			want:    sbo.Data{NX: 1, NY: 1, X: []float64{1}, Y: []float64{3}},
			columns: sbo.Columns{Inputs: []string{"x"}, Outputs: []string{"df_dx"}, Ignored: []string{"f"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, columns, err := sbo.ReadCSV(iotest.OneByteReader(strings.NewReader(tt.file)), "t.csv", tt.inputs, tt.outputs)
			require.NoError(t, err)
			require.Equal(t, tt.columns, columns)
			requireSame(t, tt.want, got)
		})
	}
}

func TestReadCSVFaults(t *testing.T) {
	tests := []struct {
		name            string
		file            string
		inputs, outputs []string
		want            []string // each line of the error holds these, in order
	}{
		{name: "empty", file: "", want: []string{"t.csv:1:1: the file is empty"}},
		{name: "only a mark", file: "\ufeff\n\n", want: []string{"t.csv:1:1: the file is empty"}},
		{name: "no rows", file: "x,f\n", inputs: []string{"x"}, want: []string{"t.csv:1:1: no samples"}},
		{name: "no header", file: "1,2\n3,4\n", want: []string{"t.csv:1:1: the first line holds numbers"}},
		{name: "no table", file: strings.Repeat("f", 300) + ",x\n", want: []string{"t.csv:1:1: the first line has a cell of more than 200 bytes"}},
		{name: "UTF-16", file: "x\x00,\x00f\x00\n\x00", want: []string{"not UTF-8"}},
		{
			name: "nothing tells inputs from outputs", file: "a,b,c\n1,2,3\n",
			want: []string{"t.csv:1:1: no column is called d<output>_d<input>, so nothing tells inputs from outputs: name them; the columns are a, b, c"},
		},
		{
			name: "names that are not there", file: "mach,thrust\n1,2\n", inputs: []string{"mahc", "q"}, outputs: []string{"Thrust"},
			want: []string{
				`t.csv:1:1: there is no column for input "mahc"; did you mean "mach"? the columns are mach, thrust`,
				`t.csv:1:1: there is no column for input "q"; the columns are mach, thrust`,
				`t.csv:1:1: there is no column for output "Thrust"; did you mean "thrust"? the columns are mach, thrust`,
			},
		},
		{name: "twice in the file", file: "x,f,x\n1,2,3\n", inputs: []string{"x"}, want: []string{`t.csv:1:5: columns 1 and 3 are both called "x"`}},
		{name: "named twice", file: "x,f\n1,2\n", inputs: []string{"x", "x"}, want: []string{`t.csv:1:1: input "x" is named twice`}},
		{name: "named as both", file: "x,f\n1,2\n", inputs: []string{"x"}, outputs: []string{"f", "x"}, want: []string{`t.csv:1:1: "x" is named both as input and as output`}},
		{name: "a column nobody explains", file: "x,f,id,df_dx\n1,2,3,4\n", want: []string{`t.csv:1:5: no partials tell whether "id" is an input or an output`}},
		{name: "a chain", file: "x,u,f,du_dx,df_du\n1,2,3,4,5\n", want: []string{`t.csv:1:3: "u" has partials both as input and as output`}},
		{name: "no input left", file: "f\n1\n", outputs: []string{"f"}, want: []string{"no column is left to be an input"}},
		{name: "swapped", file: "x,f,df_dx\n1,2,3\n", inputs: []string{"f"}, outputs: []string{"x"}, want: []string{`t.csv:1:5: column "df_dx" is the partial of an input by an output: are inputs and outputs swapped?`}},
		{
			name: "a partial of two units", file: "x,f_N,f_lbf,df_dx\n1,2,3,4\n", inputs: []string{"x"}, outputs: []string{"f_N"},
			want: []string{`t.csv:1:13: column "df_dx" reads as more than one partial`},
		},
		{
			name: "a partial that splits two ways", file: "a,b_dc,a_db,c,da_db_dc\n1,2,3,4,5\n", inputs: []string{"b_dc", "c"}, outputs: []string{"a", "a_db"},
			want: []string{`t.csv:1:15: column "da_db_dc" reads as more than one partial`},
		},
		{
			name: "a partial twice", file: "x,f_N,df_dx,df_N_dx\n1,2,3,4\n",
			want: []string{`t.csv:1:13: columns "df_dx" and "df_N_dx" are the same partial`},
		},
		{
			name: "ragged", file: "x,f\n1\n1,2\n1,2,3\n", inputs: []string{"x"},
			want: []string{"t.csv:2:1: 1 cells, but the header has 2", "t.csv:4:5: 3 cells, but the header has 2"},
		},
		{
			name: "cells", file: "x,f,df_dx\nabc,1,2\n1,-Inf,2\n1,2,1e999\n,1,2\nnan,NA,2\n",
			want: []string{
				`t.csv:2:1: column "x" holds "abc", which is not a number`,
				`t.csv:3:3: column "f" is -Inf, which is not finite`,
				`t.csv:4:5: column "df_dx" is 1e999, which is not finite`,
				`t.csv:5:1: input "x" is missing`,
				`t.csv:6:1: input "x" is missing`,
				`t.csv:6:5: column "f" holds "NA", which is not a number: leave the cell empty`,
			},
		},
		{name: "decimal commas", file: "x;f\n1,5;2\n", inputs: []string{"x"}, want: []string{`t.csv:2:1: column "x" holds "1,5": write numbers with a decimal point`}},
		{name: "stray quote", file: "x,f\n1,2\"\n", inputs: []string{"x"}, want: []string{`t.csv:2:4: bare " in non-quoted`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := sbo.ReadCSV(strings.NewReader(tt.file), "t.csv", tt.inputs, tt.outputs)
			require.Error(t, err)
			var fault *sbo.CSVError
			require.ErrorAs(t, err, &fault)
			lines := strings.Split(err.Error(), "\n")
			require.Len(t, lines, len(tt.want), "%s", err)
			for i, want := range tt.want {
				require.Contains(t, lines[i], want)
			}
		})
	}
}

func TestReadCSVStopsAfterManyFaults(t *testing.T) {
	_, _, err := sbo.ReadCSV(strings.NewReader("x,f\n"+strings.Repeat("?,?\n", 1000)), "t.csv", []string{"x"}, nil)
	require.ErrorContains(t, err, "t.csv:12:1: and more faults from here on")
	require.Len(t, strings.Split(err.Error(), "\n"), 21)
}

// endless repeats its text forever and counts what was taken.
type endless struct {
	text  string
	taken int
}

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = e.text[(e.taken+i)%len(e.text)]
	}
	e.taken += len(b)
	return len(b), nil
}

func TestReadCSVGivesUpOnARowWithoutEnd(t *testing.T) {
	for _, start := range []string{"", "x,f\n", "x,f\n\"1"} {
		src := &endless{text: ",2"}
		_, _, err := sbo.ReadCSV(io.MultiReader(strings.NewReader(start), src), "t.csv", []string{"x"}, nil)
		require.ErrorContains(t, err, "a row of more than 1 MB")
		require.Less(t, src.taken, 2<<20)
	}
}

func TestReadCSVPassesReadErrorsOn(t *testing.T) {
	broken := errors.New("disk on fire")
	src := io.MultiReader(strings.NewReader("x,f\n1,2\n3,"), iotest.ErrReader(broken))
	_, _, err := sbo.ReadCSV(src, "t.csv", []string{"x"}, nil)
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "t.csv:3:1: ")
}

// A terminal goes on after an end of file: nobody should have to type it twice.
func TestReadCSVEndsAtTheFirstEnd(t *testing.T) {
	reads := []string{"x,f\n1,2\n", "", "3,4\n"}
	terminal := readerFunc(func(b []byte) (int, error) {
		text := reads[0]
		reads = reads[1:]
		if text == "" {
			return 0, io.EOF
		}
		return copy(b, text), nil
	})
	d, _, err := sbo.ReadCSV(terminal, "t.csv", []string{"x"}, nil)
	require.NoError(t, err)
	require.Equal(t, 1, d.Len())
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// FuzzReadCSV checks that whatever is read is sound, and comes back the same
// after it is written.
func FuzzReadCSV(f *testing.F) {
	f.Add("x1,x2,f,df_dx1,df_dx2\n1,2,3,4,5\n6,7,,9,nan\n", "", "")
	f.Add("\ufeffmach;thrust_N;dthrust_dmach\r\n1;2;3\r\n", "mach", "")
	f.Add("a,b_dc,a_db,c,da_db_dc\n1,2,3,4,5\n", "b_dc", "a")
	f.Add("\"x\",f\n\"1\",0x1p-3\n", "", "f")
	f.Fuzz(func(t *testing.T, file, input, output string) {
		var inputs, outputs []string
		if input != "" {
			inputs = []string{input}
		}
		if output != "" {
			outputs = []string{output}
		}
		d, c, err := sbo.ReadCSV(strings.NewReader(file), "fuzz.csv", inputs, outputs)
		if err != nil {
			require.Zero(t, d.Len())
			return
		}
		require.Positive(t, d.Len())
		require.Len(t, d.X, d.Len()*d.NX)
		require.Len(t, d.Y, d.Len()*d.NY)
		require.Len(t, c.Inputs, d.NX)
		require.Len(t, c.Outputs, d.NY)
		for _, x := range d.X {
			require.False(t, math.IsNaN(x) || math.IsInf(x, 0), "input %v", x)
		}
		var again bytes.Buffer
		if sbo.WriteCSV(&again, c, d) != nil {
			return // a name that only quotes can hold
		}
		written := again.String()
		back, _, err := sbo.ReadCSV(&again, "again.csv", c.Inputs, c.Outputs)
		require.NoError(t, err, "%s", written)
		if !d.HasPartials() {
			d.Partials = nil
		}
		requireSame(t, d, back)
	})
}

// requireSame requires the same numbers, NaN being the same as NaN.
func requireSame(t *testing.T, want, got sbo.Data) {
	t.Helper()
	require.Equal(t, want.NX, got.NX)
	require.Equal(t, want.NY, got.NY)
	require.Equal(t, bitsOf(want.X), bitsOf(got.X), "x")
	require.Equal(t, bitsOf(want.Y), bitsOf(got.Y), "y")
	require.Equal(t, bitsOf(want.Partials), bitsOf(got.Partials), "partials")
}

func bitsOf(s []float64) []uint64 {
	bits := make([]uint64, len(s))
	for i, v := range s {
		bits[i] = math.Float64bits(v)
		if math.IsNaN(v) {
			bits[i] = math.Float64bits(nan)
		}
	}
	return bits
}
