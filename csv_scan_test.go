package sbo_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

func TestScanCSVGivesBlocks(t *testing.T) {
	const rows = 2500
	d := sbo.NewData(2, 1, rows)
	for i := range rows {
		d.Point(i)[0], d.Point(i)[1], d.Responses(i)[0], d.PartialsOf(i)[1] = float64(i), 1, float64(-i), 0.5
	}
	c := sbo.Columns{Inputs: []string{"a", "b"}, Outputs: []string{"f"}}
	var file bytes.Buffer
	w := sbo.NewCSVWriter(&file, c)
	for from := 0; from < rows; from += 700 {
		require.NoError(t, w.Write(d.Subset(upTo(from, min(from+700, rows)))))
	}
	var whole bytes.Buffer
	require.NoError(t, sbo.WriteCSV(&whole, c, d))
	require.Equal(t, whole.String(), file.String())

	name := filepath.Join(t.TempDir(), "t.csv")
	require.NoError(t, os.WriteFile(name, whole.Bytes(), 0o600))
	f, err := os.Open(name)
	require.NoError(t, err)
	read, _, err := sbo.ReadCSV(f, name, c.Inputs, c.Outputs)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	requireSame(t, d, read)
	require.Less(t, cap(read.X), 5*len(read.X)/4, "the size of the file tells how many rows there are")

	var got sbo.Data
	var sizes []int
	require.NoError(t, sbo.ScanCSV(&whole, "t.csv", c.Inputs, c.Outputs, func(columns sbo.Columns, block sbo.Data) error {
		require.Equal(t, c, columns)
		sizes = append(sizes, block.Len())
		got = got.Append(block)
		return nil
	}))
	require.Equal(t, []int{1000, 1000, 500}, sizes)
	requireSame(t, d, got)

	enough := errors.New("enough")
	calls := 0
	err = sbo.ScanCSV(&file, "t.csv", c.Inputs, c.Outputs, func(sbo.Columns, sbo.Data) error {
		calls++
		return enough
	})
	require.ErrorIs(t, err, enough)
	require.Equal(t, 1, calls)
	err = sbo.ScanCSV(strings.NewReader("a,f\n1,2\nx,3\n"), "t.csv", []string{"a"}, nil, func(sbo.Columns, sbo.Data) error {
		require.Fail(t, "a block with a fault")
		return nil
	})
	require.ErrorContains(t, err, `t.csv:3:1: column "a" holds "x"`)
}

func upTo(from, to int) []int {
	var all []int
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}
