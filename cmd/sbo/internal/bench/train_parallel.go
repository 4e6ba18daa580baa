package bench

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// inParallel runs jobs, as many at a time as Go may use cores, and tells of the
// share that is done. After the first error no further one begins.
func inParallel(ctx context.Context, jobs []func() error, progress func(share float64)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	next := make(chan func() error)
	var mu sync.Mutex
	var faults []error
	done := 0
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		wg.Go(func() {
			for job := range next {
				err := job()
				mu.Lock()
				if err != nil {
					faults = append(faults, err)
					stop()
				}
				done++
				progress(float64(done) / float64(len(jobs)))
				mu.Unlock()
			}
		})
	}
	for _, job := range jobs {
		if ctx.Err() != nil {
			break
		}
		next <- job
	}
	close(next)
	wg.Wait()
	if err := errors.Join(faults...); err != nil {
		return err
	}
	return ctx.Err()
}
