package study

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sbo-go/sbo"
)

// builtin evaluates by a test problem, in this process. There is nothing to be
// found again after a crash but the answers stored.
type builtin struct {
	evaluator sbo.Evaluator // guarded
	nx, ny    int
}

func (b builtin) answer(ctx context.Context, id int, x []float64) (answer, error) {
	a := answer{id: id, y: make([]float64, b.ny), partials: make([]float64, b.ny*b.nx)}
	started := time.Now()
	err := b.evaluator.Evaluate(ctx, a.y, a.partials, x)
	a.ended = time.Now()
	a.seconds = a.ended.Sub(started).Seconds()
	switch {
	case errors.Is(err, sbo.ErrFailed):
		a.y, a.partials = nil, nil
		a.failed = strings.TrimPrefix(err.Error(), sbo.ErrFailed.Error()+": ")
	case err != nil:
		return answer{}, fmt.Errorf("study: evaluation %d: %w", id, err)
	}
	return a, nil
}
