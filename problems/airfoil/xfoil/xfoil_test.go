package xfoil

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems/airfoil"
)

var (
	naca2412 = airfoil.NACA4{Camber: 0.02, Position: 0.4, Thickness: 0.12}.Section(airfoil.Panels)
	flow     = airfoil.Flow{Reynolds: 3e6}
)

// dumped returns a dump of points, as XFOIL writes it.
func dumped(points ...[7]float64) []byte {
	var b bytes.Buffer
	record := func(v any) {
		size := int32(binary.Size(v))
		for _, part := range []any{size, v, size} {
			if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
				panic(err)
			}
		}
	}
	record(make([]byte, 64))
	record(make([]float64, 4))
	record([]int32{1, 1})
	record([]int32{0, 0, 0, 3})
	record(make([]float64, 6))
	for _, p := range points {
		record(p[:])
		record([]int32{2, 3, 1, 2})
		record(make([]float64, 7)) // of no layer, but as long as a point
		record(make([]float64, 18))
	}
	return b.Bytes()
}

// fake writes a program in XFOIL's place.
func fake(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "xfoil")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700))
	return path
}

func TestReadDump(t *testing.T) {
	two := dumped([7]float64{1, 0.3, 0.005, 0, -0.04, 0.5, 0.6}, [7]float64{2, 0.4, 0.006, 0, -0.05, 0.4, 0.7})
	points := readDump(two)
	require.Len(t, points, 2)
	require.True(t, math.IsNaN(points[1].PeakMach))
	points[1].PeakMach = 0
	require.Equal(t, airfoil.Result{Alpha: 2, CL: 0.4, CD: 0.006, CM: -0.05, Transition: [2]float64{0.4, 0.7}}, points[1])
	one := len(dumped([7]float64{1, 0.3, 0.005}))
	require.Len(t, readDump(two[:one]), 1)
	for cut := range one + 4 + 7*8 + 4 {
		require.LessOrEqual(t, len(readDump(two[:cut])), 1, "cut after %d bytes", cut)
	}
	require.Empty(t, readDump(dumped([7]float64{1, 0.3, math.NaN()}, [7]float64{1, 0.3, -0.001}, [7]float64{1, math.Inf(1), 0.005})))
	require.Empty(t, readDump([]byte{255, 255, 255, 255, 0, 0, 0, 0}))
}

// The installed XFOIL beside values that another one gave; where there is none, that
// is said.
func TestInstalled(t *testing.T) {
	p, err := Find(t.Context(), "")
	if _, missing := exec.LookPath("xfoil"); missing != nil && os.Getenv("XFOIL") == "" {
		require.ErrorIs(t, err, ErrNotFound)
		return
	}
	require.NoError(t, err)
	for _, c := range []struct {
		digits            string
		alpha, cl, cd, cm float64
	}{
		{"0012", 0, 0, 0.00508, 0},
		{"0012", 4, 0.4425, 0.00622, 0.0013},
		{"2412", 2, 0.4689, 0.00512, -0.0522},
		{"4412", 4, 0.9330, 0.00573, -0.1038},
	} {
		n, err := airfoil.ParseNACA4(c.digits)
		require.NoError(t, err)
		r, err := p.Analyze(t.Context(), n.Section(airfoil.Panels), flow, c.alpha)
		require.NoError(t, err, c.digits)
		require.InDelta(t, c.cl, r.CL, 0.003, c.digits)
		require.InEpsilon(t, c.cd, r.CD, 0.01, c.digits)
		require.InDelta(t, c.cm, r.CM, 0.0005, c.digits)
	}
	at, err := p.Trim(t.Context(), naca2412, airfoil.Flow{Mach: 0.15, Reynolds: 3e6, Ncrit: 7}, 0.5)
	require.NoError(t, err)
	again, err := p.Analyze(t.Context(), naca2412, airfoil.Flow{Mach: 0.15, Reynolds: 3e6, Ncrit: 7}, at.Alpha)
	require.NoError(t, err)
	require.InDelta(t, 0.5, again.CL, 1e-4)
	require.InEpsilon(t, at.CD, again.CD, 1e-3)
	later, err := p.Trim(t.Context(), naca2412, airfoil.Flow{Mach: 0.15, Reynolds: 3e6}, 0.5)
	require.NoError(t, err)
	require.Greater(t, later.Transition[0], at.Transition[0], "Ncrit is passed on")
	require.NoError(t, p.Close())
	if p.Mended() {
		require.NoFileExists(t, p.path)
	}
}

// A program that stops at floating-point exceptions is mended, if it calls for that by
// the name that is known.
func TestTraps(t *testing.T) {
	answer := filepath.Join(t.TempDir(), "dump")
	require.NoError(t, os.WriteFile(answer, dumped([7]float64{2, 0.2, 0.006, 0, 0, 0.5, 0.9}), 0o600))
	script := fmt.Sprintf("grep -q _gfortran_set_[f]pe \"$0\" && kill -FPE $$\ncp %s polar.dmp\nexit\n", answer)
	p, err := Find(t.Context(), fake(t, script+"\x00_gfortran_set_fpe\x00\n"))
	require.NoError(t, err)
	require.True(t, p.Mended())
	_, err = p.Trim(t.Context(), naca2412, flow, 0.5)
	require.ErrorIs(t, err, airfoil.ErrNotConverged, "it answers at 0.2")
	_, err = p.Analyze(t.Context(), naca2412, flow, 3)
	require.ErrorIs(t, err, airfoil.ErrNotConverged, "it answers at 2 degrees")
	require.NoError(t, p.Close())
	require.NoFileExists(t, p.path)

	_, err = Find(t.Context(), fake(t, "kill -FPE $$\n"))
	require.ErrorIs(t, err, ErrTraps)
	_, err = Find(t.Context(), fake(t, "kill -FPE $$\nexit\n\x00_gfortran_set_fpe\x00\n"))
	require.ErrorIs(t, err, ErrTraps, "it does not help")
}

func TestErrors(t *testing.T) {
	_, err := Find(t.Context(), filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, ErrNotFound)
	_, err = Find(t.Context(), fake(t, "exit 0\n"))
	require.ErrorIs(t, err, airfoil.ErrNotConverged)
	_, err = Find(t.Context(), fake(t, "exit 2\n"))
	require.ErrorIs(t, err, airfoil.ErrNotConverged)

	p := &Program{path: fake(t, "sleep 20\n")}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = p.Analyze(ctx, naca2412, flow, 2)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	_, err = p.Analyze(t.Context(), &airfoil.Section{}, flow, 2)
	require.ErrorIs(t, err, airfoil.ErrGeometry)
	_, err = p.Analyze(t.Context(), airfoil.NACA4{Thickness: 0.12}.Section(400), flow, 2)
	require.ErrorContains(t, err, "365")
	_, err = p.Analyze(t.Context(), naca2412, airfoil.Flow{Reynolds: 3e6, Trip: airfoil.Trip{From: 0.02, To: 0.05}}, 2)
	require.ErrorContains(t, err, "trip")
	_, err = p.Trim(t.Context(), naca2412, airfoil.Flow{}, 0.5)
	require.ErrorContains(t, err, "Reynolds")
	require.NotErrorIs(t, err, airfoil.ErrNotConverged)
}
