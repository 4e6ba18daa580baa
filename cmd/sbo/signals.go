package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// interruptedError is the cause of a context that a signal has ended.
type interruptedError struct{ signal syscall.Signal }

func (e *interruptedError) Error() string { return fmt.Sprintf("interrupted (%v)", e.signal) }

// Is makes errors.Is take it for what it is to a library: a canceled context.
func (e *interruptedError) Is(target error) bool { return target == context.Canceled }

// withSignals returns a context that ends at the first interrupt (Ctrl-C) or
// request to end. The second one has its usual effect and ends the process at
// once; the answers that are stored stay stored.
func withSignals(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			number, _ := s.(syscall.Signal) // one of those that Notify was asked for
			cancel(&interruptedError{signal: number})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}
