package problems_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/problems"
)

func TestLookup(t *testing.T) {
	tests := map[string]struct {
		name   string
		nx, ny int
	}{
		"rosenbrock":   {"rosenbrock", 2, 1},
		"rosenbrock2":  {"rosenbrock", 2, 1},
		"rosenbrock5":  {"rosenbrock5", 5, 1},
		"rosenbrock-5": {"rosenbrock5", 5, 1},
		"Rosenbrock5":  {"rosenbrock5", 5, 1},
		"hartmann3":    {"hartmann3", 3, 1},
		"hartmann6":    {"hartmann6", 6, 1},
		"G04":          {"g04", 5, 4},
		"cantilever":   {"cantilever", 10, 12},
		"cantilever5":  {"cantilever", 10, 12},
		"cantilever1":  {"cantilever1", 2, 4},
		"rosen20":      {"rosenbrock20", 20, 1},
		"vcant10":      {"cantilever", 10, 12},
		"spring3":      {"spring", 3, 5},
		"pressvessel":  {"pressurevessel", 4, 4},
		"wingweight10": {"wingweight", 10, 1},
		"airfoil-af1":  {"airfoil-af1", 14, 8},
		"airfoil-af3":  {"airfoil-af3", 15, 1},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := problems.Lookup(name)
			require.NoError(t, err)
			require.Equal(t, want.name, p.Name)
			require.Equal(t, want.nx, p.NX())
			require.Equal(t, want.ny, p.NY())
		})
	}
}

func TestLookupErrors(t *testing.T) {
	tests := map[string]string{
		"rosenbrok":                     "did you mean rosenbrock?",
		"welded":                        "there are rosenbrock, rastrigin, branin",
		"":                              "there is no test problem \"\"; there are",
		"5":                             "there is no test problem",
		"branin3":                       "did you mean branin?",
		"hartmann4":                     "did you mean hartmann3?",
		"rosenbrock-":                   "did you mean rosenbrock?",
		"rosenbrock1":                   "the size of rosenbrock is a number from 2 to 10000",
		"sphere0":                       "the size of sphere is a number from 1 to 10000",
		"sphere10001":                   "a number from 1 to 10000",
		"sphere99999999999999999999999": "a number from 1 to 10000",
	}
	for name, says := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := problems.Lookup(name)
			require.ErrorContains(t, err, says)
		})
	}
}

func TestAllFollowsNames(t *testing.T) {
	for i, p := range problems.All() {
		require.Equal(t, problems.Names()[i], p.Name)
	}
}

func TestConstructorsRefuseSizesThatAreTooSmall(t *testing.T) {
	require.PanicsWithValue(t, "problems: rosenbrock has at least 2 as its size, not 1", func() { problems.Rosenbrock(1) })
	for name, create := range map[string]func(int) problems.Problem{
		"rastrigin": problems.Rastrigin, "ackley": problems.Ackley, "styblinski": problems.Styblinski, "levy": problems.Levy,
		"trid": problems.Trid, "zakharov": problems.Zakharov, "griewank": problems.Griewank, "sphere": problems.Sphere,
		"cantilever": problems.Cantilever,
	} {
		for _, size := range []int{0, -1} {
			require.Panics(t, func() { create(size) }, "%s%d", name, size)
		}
	}
}

func FuzzLookup(f *testing.F) {
	for _, name := range append(problems.Names(), "rosenbrock-5", "sphere010", "trid-", "-3") {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		p, err := problems.Lookup(name)
		if err != nil {
			require.Zero(t, p.NX())
			return
		}
		again, err := problems.Lookup(p.Name)
		require.NoError(t, err)
		require.Equal(t, p.Problem, again.Problem)
	})
}
