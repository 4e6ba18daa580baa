package study

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConfigErrorMarksThePlace(t *testing.T) {
	source := "α: 1\r\n\tβ: 2\n" + strings.Repeat("long ", 50) + "\n"
	e := newConfigError("study.yaml", []byte(byteOrderMark+source), []spot{
		{1, 4, "first"}, {2, 5, "second"}, {3, 9, "third"}, {9, 9, "beyond"},
	})
	require.EqualError(t, e, "study.yaml:1:4: first\nstudy.yaml:2:5: second\nstudy.yaml:3:9: third\nstudy.yaml:9:9: beyond")
	require.Equal(t, "study.yaml:1:4: first\n    α: 1\n       ^\n"+
		"study.yaml:2:5: second\n    \tβ: 2\n    \t   ^\n"+
		"study.yaml:3:9: third\nstudy.yaml:9:9: beyond", e.Excerpt())
	require.Equal(t, "study.yaml: gone", Fault{File: "study.yaml", Message: "gone"}.String())
}
