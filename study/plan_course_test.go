package study

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/problems"
)

// The plan of a problem is that of a file which says no more than it must.
func TestPlanForAProblem(t *testing.T) {
	for _, p := range problems.All() {
		text, err := problemStudy(p.Name)
		require.NoError(t, err)
		file, err := parsePlan(text, "study.yaml")
		require.NoError(t, err)
		plan := PlanFor(p.Problem, true, Plan{Seed: file.Seed, Budget: file.Budget})
		require.Equal(t, p.Problem, plan.Problem())
		require.Equal(t, file.PartialMask(), plan.PartialMask())
		require.Equal(t, file.Design, plan.Design)
		require.Equal(t, file.Loop(), plan.Loop())
		require.NotContains(t, PlanFor(p.Problem, false, Plan{}).PartialMask(), true)
	}
	equal := sbo.Problem{
		Name:      "p",
		Variables: []sbo.Variable{{Name: "x", Upper: 1}},
		Responses: []sbo.Response{sbo.Maximize("f"), sbo.Equal("g", 2), sbo.Monitored("m")},
	}
	require.Equal(t, equal, PlanFor(equal, true, Plan{}).Problem())
}

func TestDesignPointsKeepToTheBudget(t *testing.T) {
	p := problems.Branin()
	plan := PlanFor(p.Problem, true, Plan{Budget: BudgetPlan{Evaluations: 4}, Design: DesignPlan{Samples: 6}})
	x, err := plan.DesignPoints()
	require.NoError(t, err)
	require.Len(t, x, 4*2)
	for i := range 4 {
		require.True(t, p.Box().Contains(x[2*i:2*i+2]))
	}
	plan.Design.Sampler = "none"
	_, err = plan.DesignPoints()
	require.ErrorContains(t, err, `there is no sampler "none"`)
}
