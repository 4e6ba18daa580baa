package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar is a progress bar on a terminal, and nothing elsewhere or when all shall be
// quiet.
type bar struct{ drawn *progressbar.ProgressBar }

// bar begins one of length barLength.
func (a *app) bar(text string) bar {
	if !a.terminal || a.quiet {
		return bar{}
	}
	return bar{progressbar.NewOptions(barLength,
		progressbar.OptionSetWriter(a.err), progressbar.OptionSetDescription(text), progressbar.OptionSetWidth(24),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false),
		progressbar.OptionShowElapsedTimeOnFinish())}
}

// at moves it, and says what goes on.
func (b bar) at(n int, text string) {
	if b.drawn != nil {
		b.drawn.Describe(text)
		_ = b.drawn.Set(n) // an ornament
	}
}

// end removes it, so that something else can be printed.
func (b bar) end() {
	if b.drawn != nil {
		_ = b.drawn.Clear() // an ornament
	}
}
