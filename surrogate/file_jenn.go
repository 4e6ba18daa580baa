package surrogate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// jennFile is the file parameters.json of the Python package jenn: one entry per
// layer, the input layer included, which is an identity that does nothing. What
// newer versions add is optional; what else stands in a file is ignored.
type jennFile struct {
	Layers []int         `json:"layer_sizes"`
	Hidden Activation    `json:"hidden_activation"`
	Output Activation    `json:"output_activation"`
	W      [][][]float64 `json:"W"`
	B      []column      `json:"b"`
	A      []Activation  `json:"a,omitempty"`
	MeanX  column        `json:"mu_x"`
	MeanY  column        `json:"mu_y"`
	StdX   column        `json:"sigma_x"`
	StdY   column        `json:"sigma_y"`
	Lower  flat          `json:"x_min,omitempty"`
	Upper  flat          `json:"x_max,omitempty"`
	Inputs []string      `json:"input_names,omitempty"`
}

// column is a vector that is written as a matrix of one column: [[1],[2]].
type column []float64

// MarshalJSON writes a matrix of one column.
func (c column) MarshalJSON() ([]byte, error) {
	rows := make([][1]float64, len(c))
	for i, v := range c {
		rows[i][0] = v
	}
	return json.Marshal(rows)
}

// UnmarshalJSON reads a matrix of one column, or a flat vector.
func (c *column) UnmarshalJSON(raw []byte) error {
	var v []float64
	if json.Unmarshal(raw, &v) == nil {
		*c = v
		return nil
	}
	var rows [][]float64
	if err := json.Unmarshal(raw, &rows); err != nil {
		return fmt.Errorf("a column of numbers, [[1], [2]], is wanted: %w", err)
	}
	*c = make(column, len(rows))
	for i, row := range rows {
		if len(row) != 1 {
			return fmt.Errorf("a column of numbers, [[1], [2]], is wanted: row %d has %d entries", i+1, len(row))
		}
		(*c)[i] = row[0]
	}
	return nil
}

// flat is a vector that is written flat and read in either form.
type flat []float64

// UnmarshalJSON reads a flat vector, or a matrix of one column.
func (f *flat) UnmarshalJSON(raw []byte) error { return (*column)(f).UnmarshalJSON(raw) }

// SaveJENN writes the model as the Python package jenn keeps it in its
// parameters.json, with the trained range and the names of the inputs in the
// optional keys that its newer versions use. It is an error if the model has
// several networks, or an activation that the package does not know: it has
// tanh, relu and linear.
func (m *JENN) SaveJENN(w io.Writer) error {
	networks, scalings := m.Networks(), m.Scalings()
	if !m.shared() {
		return errors.New("surrogate: the model has a network for each response, the files of the Python package jenn hold one; fit with the option shared")
	}
	if len(networks) > 1 {
		return fmt.Errorf("surrogate: the model sums up %d networks, the files of the Python package jenn hold one; fit with an ensemble of 1", len(networks))
	}
	n, s := networks[0], scalings[0]
	if !slices.Contains([]Activation{Tanh, ReLU, Linear}, n.Hidden) {
		return fmt.Errorf("surrogate: the Python package jenn knows the activations tanh, relu and linear, not %s; fit with one of them", n.Hidden)
	}
	f := jennFile{
		Layers: n.Sizes, Hidden: n.Hidden, Output: Linear,
		MeanX: s.MeanX, MeanY: s.MeanY, StdX: s.StdX, StdY: s.StdY,
		Lower: m.Facts.Lower, Upper: m.Facts.Upper, Inputs: m.Facts.Inputs,
	}
	identity := make([][]float64, n.nx())
	for i := range identity {
		identity[i] = make([]float64, n.nx())
		identity[i][i] = 1
	}
	f.W, f.B, f.A = [][][]float64{identity}, []column{make(column, n.nx())}, []Activation{Linear}
	for l := 1; l <= n.layers(); l++ {
		weights, biases := n.layer(n.Parameters, l)
		f.W = append(f.W, slices.Collect(slices.Chunk(weights.Data, weights.Cols)))
		f.B = append(f.B, biases)
		f.A = append(f.A, n.Hidden)
	}
	f.A[n.layers()] = Linear
	return writeJSON(w, f)
}

// LoadJENN reads the file parameters.json of the Python package jenn. Only
// networks with one activation in all hidden layers and a linear output, which
// are all that it trains by default, can be read.
func LoadJENN(r io.Reader) (*JENN, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("surrogate: reading a model: %w", err)
	}
	return loadJENN(raw)
}

func loadJENN(raw []byte) (*JENN, error) {
	var f jennFile
	if err := decode(raw, &f, false); err != nil {
		return nil, err
	}
	n, err := f.network()
	if err != nil {
		return nil, fmt.Errorf("surrogate: the file of jenn: %w", err)
	}
	s := Scaling{MeanX: f.MeanX, StdX: f.StdX, MeanY: f.MeanY, StdY: f.StdY}
	net, err := restored(n, s)
	if err != nil {
		return nil, fmt.Errorf("surrogate: the file of jenn: %w", err)
	}
	return assemble(Facts{Inputs: f.Inputs, Lower: f.Lower, Upper: f.Upper}, alone(net))
}

// network collects the parameters, checking every shape.
func (f jennFile) network() (Network, error) {
	n := Network{Sizes: f.Layers, Hidden: f.Hidden}
	layers := len(f.Layers)
	if len(f.W) != layers || len(f.B) != layers || f.A != nil && len(f.A) != layers {
		return n, fmt.Errorf("%d layer_sizes, but %d W, %d b and %d a", layers, len(f.W), len(f.B), len(f.A))
	}
	if f.Output != Linear {
		return n, fmt.Errorf("output_activation %q; only linear outputs are supported", string(f.Output))
	}
	var faults []error
	for l := range layers {
		rows, cols := f.Layers[l], f.Layers[max(l-1, 0)]
		if len(f.W[l]) != rows || len(f.B[l]) != rows {
			faults = append(faults, fmt.Errorf("layer %d has %d neurons, but %d rows of W and %d of b", l, rows, len(f.W[l]), len(f.B[l])))
			continue
		}
		for i, weights := range f.W[l] {
			if len(weights) != cols {
				faults = append(faults, fmt.Errorf("row %d of W of layer %d has %d weights for %d inputs", i+1, l, len(weights), cols))
			}
		}
		want := f.Hidden
		if l == 0 || l == layers-1 {
			want = Linear
		}
		if f.A != nil && f.A[l] != want {
			faults = append(faults, fmt.Errorf("layer %d has activation %q instead of %q; networks of several are not supported", l, string(f.A[l]), string(want)))
		}
		if l > 0 { // the input layer is an identity that does nothing
			n.Parameters = append(append(n.Parameters, slices.Concat(f.W[l]...)...), f.B[l]...)
		}
	}
	return n, errors.Join(faults...)
}
