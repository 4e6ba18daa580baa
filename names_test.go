package sbo_test

import (
	"testing"

	"github.com/sbo-go/sbo"
	"github.com/stretchr/testify/require"
)

func TestNearest(t *testing.T) {
	tests := []struct {
		name  string
		names []string
		want  string
	}{
		{"mahc", []string{"thrust", "mach"}, "mach"},
		{"Thrust", []string{"thrust", "mach"}, "thrust"},
		{"rosenbrok", []string{"branin", "rosenbrock", "rastrigin"}, "rosenbrock"},
		{"alpha", []string{"beta", "gamma"}, ""},
		{"x", []string{"y", "X"}, "X"},
		{"x3", []string{"x1", "x2"}, "x1"},
		{"", []string{"a", ""}, ""},
		{"a", nil, ""},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, sbo.Nearest(tt.name, tt.names), "%q of %q", tt.name, tt.names)
	}
}
