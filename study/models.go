package study

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/kriging"
	"github.com/sbo-go/sbo/surrogate"
)

// modelsFolder, in the study's folder, holds the fitted models.
const modelsFolder = "models"

// models remembers fitted models under a hash of everything that went into them, so
// that running a study again does not train again. It is all there is to it: a model
// that is not there, or cannot be read or written, is fitted.
type models struct {
	dir  string
	seed uint64
	fits int // so far in this run: the random numbers of a fit follow from seed and place
}

// fit is [surrogate.Fit] with a memory.
func (m *models) fit(ctx context.Context, task surrogate.Task, rng *rand.Rand, o surrogate.Options) (*surrogate.JENN, surrogate.Summary, error) {
	m.fits++
	ingredients := ingredients{task.Data, task.Weights.Beta, task.Weights.Gamma, o, task.Problem, nil}
	for _, earlier := range []*surrogate.JENN{task.Start, task.Rival} {
		if earlier != nil {
			ingredients.earlier = append(ingredients.earlier, earlier)
		}
	}
	key, err := m.key(ingredients)
	if err != nil {
		return nil, surrogate.Summary{}, err
	}
	path := filepath.Join(m.dir, key)
	if model, summary, err := readModel(path); err == nil {
		return model, summary, nil
	}
	model, summary, err := surrogate.Fit(ctx, task, rng, o)
	if err == nil && makeFolder(m.dir) == nil {
		_ = writeModel(path, model, summary) // what cannot be kept is trained again
	}
	return model, summary, err
}

// krige is [kriging.Fit] with a memory. Nobody looks at the summary.
func (m *models) krige(ctx context.Context, task kriging.Task, rng *rand.Rand, o kriging.Options) (*kriging.Model, kriging.Summary, error) {
	m.fits++
	ingredients := ingredients{task.Data, task.Weights.Beta, task.Weights.Gamma, o, task.Problem, nil}
	if task.Start != nil {
		ingredients.earlier = append(ingredients.earlier, task.Start)
	}
	key, err := m.key(ingredients)
	if err != nil {
		return nil, kriging.Summary{}, err
	}
	path := filepath.Join(m.dir, key+".json")
	if f, err := os.Open(path); err == nil {
		model, err := kriging.Load(f)
		_ = f.Close() // read only: nothing to lose
		if err == nil {
			return model, kriging.Summary{}, nil
		}
	}
	model, summary, err := kriging.Fit(ctx, task, rng, o)
	if err == nil && makeFolder(m.dir) == nil {
		var text bytes.Buffer
		if model.Save(&text) == nil {
			_ = writeWhole(path, text.Bytes()) // what cannot be kept is fitted again
		}
	}
	return model, summary, err
}

// ingredients are what a fit depends on.
type ingredients struct {
	data        sbo.Data
	beta, gamma []float64
	options     any
	problem     sbo.Problem
	earlier     []interface{ Save(io.Writer) error } // models that it starts from
}

// key hashes the code, the seed and place of the fit, and its ingredients to the bit.
func (m *models) key(of ingredients) (string, error) {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%d %08x %d %d %d %d\n", schemaVersion, code(), m.seed, m.fits, of.data.NX, of.data.NY)
	for _, numbers := range [][]float64{of.data.X, of.data.Y, of.data.Partials, of.beta, of.gamma} {
		hashNumbers(h, numbers)
	}
	if err := json.NewEncoder(h).Encode(of.options); err != nil {
		return "", fmt.Errorf("study: %w", err)
	}
	_, _ = fmt.Fprintf(h, "%+v\n", of.problem)
	for _, model := range of.earlier {
		if err := model.Save(h); err != nil {
			return "", fmt.Errorf("study: %w", err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12]), nil
}

func hashNumbers(h hash.Hash, numbers []float64) {
	text := binary.BigEndian.AppendUint64(nil, uint64(len(numbers)))
	for _, v := range numbers {
		text = binary.BigEndian.AppendUint64(text, math.Float64bits(v))
	}
	_, _ = h.Write(text) // a hash never fails to be written to
}

// code tells one build of the program from another, because networks trained by
// other code may differ: the check sum of the executable, 0 if it cannot be read.
var code = sync.OnceValue(func() uint32 {
	path, err := os.Executable()
	if err != nil {
		return 0
	}
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }() // read only: nothing to lose
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	if _, err := io.Copy(sum, f); err != nil {
		return 0
	}
	return sum.Sum32()
})

// The network goes into path.json, which other commands read too, and the summary
// of its training into path.fit; the network last, as it is looked for first.
func writeModel(path string, model *surrogate.JENN, summary surrogate.Summary) error {
	var facts, network bytes.Buffer
	if err := gob.NewEncoder(&facts).Encode(summary); err != nil { // JSON has no NaN
		return err
	}
	if err := model.Save(&network); err != nil {
		return err
	}
	if err := writeWhole(path+".fit", facts.Bytes()); err != nil {
		return err
	}
	return writeWhole(path+".json", network.Bytes())
}

func readModel(path string) (*surrogate.JENN, surrogate.Summary, error) {
	var summary surrogate.Summary
	network, err := os.ReadFile(path + ".json")
	if err != nil {
		return nil, summary, err
	}
	facts, err := os.ReadFile(path + ".fit")
	if err != nil {
		return nil, summary, err
	}
	if err := gob.NewDecoder(bytes.NewReader(facts)).Decode(&summary); err != nil {
		return nil, summary, err
	}
	model, err := surrogate.Load(bytes.NewReader(network))
	return model, summary, err
}
