package examples_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems/airfoil"
)

// askXfoil asks the driver for everything at a section, with XFOIL the given program,
// "" for the one that is installed. It returns the answer and standard error.
func askXfoil(t *testing.T, program string, x map[string]float64) (answer xfoilAnswer, stderr string) {
	t.Helper()
	driver, err := filepath.Abs("xfoil/drive.py")
	require.NoError(t, err)
	both := []string{"value", "partials"}
	request, err := json.Marshal(map[string]any{"id": 1, "x": x, "want": map[string][]string{"drag": both, "moment": both, "thickness": both}})
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), "python3", driver)
	command.Dir = t.TempDir()
	command.Stdin = strings.NewReader(string(request))
	if program != "" {
		command.Env = append(os.Environ(), "XFOIL="+program)
	}
	var said strings.Builder
	command.Stderr = &said
	out, err := command.Output()
	require.NoError(t, err, "%s", &said)
	require.NoError(t, json.Unmarshal(out, &answer))
	left, err := os.ReadDir(command.Dir)
	require.NoError(t, err)
	require.Empty(t, left)
	return answer, said.String()
}

type xfoilAnswer struct {
	Values   map[string]float64
	Partials map[string]map[string]float64
	Failed   string
}

// coefficients of thickness and camber by the names of the study's variables.
func named(thickness, camber []float64) map[string]float64 {
	x := map[string]float64{}
	for i := range thickness {
		x[fmt.Sprint("T", i)], x[fmt.Sprint("K", i)] = thickness[i], camber[i]
	}
	return x
}

// XFOIL and the analysis of package airfoil, which have little in common behind the
// stagnation points, agree about a section and how it changes. Where there is no
// XFOIL, the driver says what to do.
func TestXfoil(t *testing.T) {
	thickness, camber := []float64{0.17, 0.15, 0.16, 0.14}, []float64{0.02, 0.05, 0.05, 0.06}
	got, _ := askXfoil(t, "", named(thickness, camber))
	if _, err := exec.LookPath("xfoil"); err != nil && os.Getenv("XFOIL") == "" {
		require.Contains(t, got.Failed, "there is no xfoil; install it")
		return
	}
	require.Empty(t, got.Failed)
	c := airfoil.CST{Thickness: thickness, Camber: camber, TrailingEdge: 0.0025}
	var solver airfoil.Solver
	require.NoError(t, solver.Load(c.Section(airfoil.Panels)))
	partials := make([]float64, 3*10)
	want, err := solver.Trim(airfoil.Flow{Mach: 0.15, Reynolds: 3e6}, 0.5, partials)
	require.NoError(t, err)
	require.InEpsilon(t, want.CD, got.Values["drag"], 0.1)
	require.InDelta(t, want.CM, got.Values["moment"], 0.005)
	require.InDelta(t, c.ThicknessAt(nil, 0.35), got.Values["thickness"], 1e-12)
	var both, ours, theirs float64 // products of the slopes of the drag
	for i := range 4 {
		for j, name := range []string{fmt.Sprint("T", i), fmt.Sprint("K", i)} {
			at := 2 + 4*j + i
			a, b := partials[10+at], got.Partials["drag"][name]
			both, ours, theirs = both+a*b, ours+a*a, theirs+b*b
			require.InDelta(t, partials[20+at], got.Partials["moment"][name], 0.04, "moment by %s", name)
		}
	}
	require.Greater(t, both/math.Sqrt(ours*theirs), 0.9, "the cosine between the two gradients")
	by := make([]float64, 8)
	c.ThicknessAt(by, 0.35)
	for i, d := range by[:4] {
		require.InDelta(t, d, got.Partials["thickness"][fmt.Sprint("T", i)], 1e-12)
	}
}

// A build that stops at floating-point exceptions, and can't be mended, is no section
// that failed: it is said what is wrong, and what to do.
func TestXfoilThatTraps(t *testing.T) {
	program := filepath.Join(t.TempDir(), "xfoil")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\nkill -FPE $$\n"), 0o700))
	got, _ := askXfoil(t, program, named([]float64{0.17, 0.15, 0.16, 0.14}, make([]float64, 4)))
	require.Contains(t, got.Failed, "floating-point exceptions")
	require.Contains(t, got.Failed, "LD_PRELOAD")
}
