package main

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompressedTablesAreRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "table.csv.gz")
	f, err := os.Create(name)
	require.NoError(t, err)
	w := gzip.NewWriter(f)
	_, err = io.WriteString(w, "x,y,dy_dx\n1,2,3\n")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())

	d, columns, err := (&app{}).readTable(name, nil, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"x"}, columns.Inputs)
	require.Equal(t, []string{"y"}, columns.Outputs)
	require.Equal(t, []float64{3}, d.Partials)

	// Cut off in the middle.
	require.NoError(t, os.Truncate(name, 12))
	_, _, err = (&app{}).readTable(name, nil, nil)
	require.ErrorContains(t, err, "the table cannot be used")
}
