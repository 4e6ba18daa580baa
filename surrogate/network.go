package surrogate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"
)

// Network is a multilayer perceptron on scaled inputs and outputs: every hidden
// layer computes g(W a + b) of the layer below, the last one W a + b.
type Network struct {
	// Sizes holds the width of each layer: inputs, hidden layers, outputs.
	Sizes []int
	// Hidden is the activation of the hidden layers.
	Hidden Activation
	// Parameters is one vector: for each layer the weights W, row-major with a
	// row per neuron, then the biases b.
	Parameters []float64
}

// NewNetwork returns a network of the given layer sizes whose parameters are zero.
func NewNetwork(sizes []int, hidden Activation) Network {
	return Network{Sizes: sizes, Hidden: hidden, Parameters: make([]float64, parameterCount(sizes))}
}

// layers returns the number of layers that have parameters.
func (n Network) layers() int { return len(n.Sizes) - 1 }

func (n Network) nx() int { return n.Sizes[0] }
func (n Network) ny() int { return n.Sizes[len(n.Sizes)-1] }

// layer returns views of the weights and biases of layer l in a vector laid out
// like Parameters, l = 1 .. layers(). A gradient has the same layout.
func (n Network) layer(parameters []float64, l int) (w blas64.General, b []float64) {
	at := parameterCount(n.Sizes[:l])
	rows, cols := n.Sizes[l], n.Sizes[l-1]
	w = blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: parameters[at : at+rows*cols]}
	at += rows * cols
	return w, parameters[at : at+rows : at+rows]
}

// parameterCount returns the number of weights and biases of a network.
func parameterCount(sizes []int) int {
	count := 0
	for l := 1; l < len(sizes); l++ {
		count += sizes[l] * (sizes[l-1] + 1)
	}
	return count
}

// Initialize draws the weights from N(0, 1/n) with n the width of the layer
// below (LeCun et al., Efficient BackProp, 1998, section 4.6) and zeroes the
// biases, as the reference implementation does.
func (n Network) Initialize(rng *rand.Rand) {
	for l := 1; l <= n.layers(); l++ {
		w, b := n.layer(n.Parameters, l)
		scale := 1 / math.Sqrt(float64(n.Sizes[l-1]))
		for i := range w.Data {
			w.Data[i] = scale * rng.NormFloat64()
		}
		clear(b)
	}
}

// rescaled returns the network that does with one scaling what n does with another.
func (n Network) rescaled(from, to Scaling) Network {
	n = n.clone()
	w, b := n.layer(n.Parameters, 1)
	for i := range b {
		for j, v := range row(w, i) {
			b[i] += v * (to.MeanX[j] - from.MeanX[j]) / from.StdX[j]
			row(w, i)[j] = v * to.StdX[j] / from.StdX[j]
		}
	}
	w, b = n.layer(n.Parameters, n.layers())
	for k := range b {
		ratio := from.StdY[k] / to.StdY[k]
		for i := range row(w, k) {
			row(w, k)[i] *= ratio
		}
		b[k] = b[k]*ratio + (from.MeanY[k]-to.MeanY[k])/to.StdY[k]
	}
	return n
}

func (n Network) clone() Network {
	return Network{Sizes: slices.Clone(n.Sizes), Hidden: n.Hidden, Parameters: slices.Clone(n.Parameters)}
}

// validate returns an error if sizes, activation and parameters don't make a network.
func (n Network) validate() error {
	if err := n.validateShape(); err != nil {
		return err
	}
	if want := parameterCount(n.Sizes); len(n.Parameters) != want {
		return fmt.Errorf("a network of layers %v has %d parameters, not %d", n.Sizes, want, len(n.Parameters))
	}
	for _, v := range n.Parameters {
		if !finite(v) {
			return fmt.Errorf("a parameter of the network is %v", v)
		}
	}
	return nil
}

// validateShape is validate without the parameters.
func (n Network) validateShape() error {
	if len(n.Sizes) < 2 {
		return fmt.Errorf("a network needs at least an input and an output layer, not %d layers", len(n.Sizes))
	}
	for l, s := range n.Sizes {
		if s < 1 || s > maxWidth {
			return fmt.Errorf("layer %d has %d neurons; it needs 1 to %d", l, s, maxWidth)
		}
	}
	return n.Hidden.validate()
}

// maxWidth bounds a layer, so that a damaged model file can't ask for all memory.
const maxWidth = 1 << 16

// finite reports whether v is a number that is not infinite.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
