package bench

import (
	"bytes"
	"image/png"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems"
)

func TestLadder(t *testing.T) {
	require.Equal(t, []int{2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16, 19, 23, 27, 32}, ladder(37))
	rungs := ladder(512)
	require.IsIncreasing(t, rungs)
	require.Equal(t, 512, rungs[len(rungs)-1])
}

// However many samples are enough, the first rung that has them is found, with few
// questions.
func TestFewest(t *testing.T) {
	rungs := ladder(512)
	for wanted := 1; wanted <= 600; wanted++ {
		asked := 0
		k, err := fewest(rungs, func(n int) (bool, error) {
			asked++
			return n >= wanted, nil
		})
		require.NoError(t, err)
		require.LessOrEqual(t, asked, 11)
		if wanted > 512 {
			require.Len(t, rungs, k)
			continue
		}
		require.GreaterOrEqual(t, rungs[k], wanted)
		require.True(t, k == 0 || rungs[k-1] < wanted, "%d of %d", rungs[k], wanted)
	}
	_, err := fewest(rungs, func(int) (bool, error) { return false, errFake })
	require.ErrorIs(t, err, errFake)
}

func TestSamplesAreCounted(t *testing.T) {
	hasty(t)
	var curves []Curve
	suite := &training{curves: func(c Curve) { curves = append(curves, c) }}
	last := 0.0
	list, err := suite.count(t.Context(), efficiency{ofTestProblem("sinusoid", problems.Sinusoid()), 16, 1}, func(share float64) {
		require.GreaterOrEqual(t, share, last)
		require.LessOrEqual(t, share, 1.0)
		last = share
	})
	require.NoError(t, err)
	with, without := value(t, list, "sinusoid", "samples_with_partials"), value(t, list, "sinusoid", "samples_without_partials")
	require.Less(t, with.Value, without.Value)
	require.Equal(t, "samples", without.Unit)
	require.InDelta(t, without.Value/with.Value, value(t, list, "sinusoid", "samples_ratio").Value, 1e-12)
	require.Len(t, curves, 2)
	require.True(t, curves[0].Partials)
	require.False(t, curves[1].Partials)
	for i, c := range curves {
		require.IsIncreasing(t, c.Samples)
		at := slices.IndexFunc(c.NRMSE, func(e float64) bool { return e <= c.Wanted })
		require.InDelta(t, list[i].Value, c.Samples[at], 0, "the first that is good enough")
	}

	// Two samples are never enough, so that there is nothing to compare.
	list, err = suite.count(t.Context(), efficiency{ofTestProblem("sinusoid", problems.Sinusoid()), 2, 1}, func(float64) {})
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "samples, and not enough", list[0].Unit)
}

func TestPlot(t *testing.T) {
	curves := []Curve{
		{Subject: "a", Partials: true, Samples: []int{4, 8}, NRMSE: []float64{0.5, 0}, Wanted: 0.1},
		{Subject: "a", Samples: []int{4, 8, 16}, NRMSE: []float64{1, 0.5, 0.01}, Wanted: 0.1},
		{Subject: "b", Samples: []int{4}, NRMSE: []float64{1}, Wanted: 0.1},
	}
	var file bytes.Buffer
	require.NoError(t, Plot(&file, curves))
	image, err := png.Decode(&file)
	require.NoError(t, err)
	require.InDelta(t, 2*float64(panelWidth/panelHeight), float64(image.Bounds().Dx())/float64(image.Bounds().Dy()), 0.02, "two panels beside each other")
	colors := map[any]int{}
	for x := range image.Bounds().Dx() {
		for y := range image.Bounds().Dy() {
			r, g, b, _ := image.At(x, y).RGBA()
			colors[[3]uint32{r >> 8, g >> 8, b >> 8}]++
		}
	}
	require.Greater(t, colors[[3]uint32{0x1f, 0x6f, 0xb4}], 20)
	require.Greater(t, colors[[3]uint32{0xd9, 0x6b, 0x1e}], 20)

	require.ErrorContains(t, Plot(&file, nil), "no learning curves")
}
