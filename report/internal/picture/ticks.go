package picture

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// roundTicks marks about so many multiples of 1, 2 or 5 times a power of ten.
type roundTicks int

// Ticks returns the marks between two numbers.
func (n roundTicks) Ticks(low, high float64) []plot.Tick {
	ideal := (high - low) / float64(n)
	step := roundStep(ideal)
	if less := roundStep(step / 2.5); step > ideal*ideal/less { // the one nearer by factor
		step = less
	}
	if !(step > 0) || math.IsInf(step, 0) {
		return []plot.Tick{{Value: low, Label: Number(low, 4)}}
	}
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step && len(ticks) < 100; i++ {
		// Rounded, so that 3 * 0.1 is labeled 0.3.
		ticks = append(ticks, plot.Tick{Value: i * step, Label: tickLabel(roundTo(i*step, step), max(math.Abs(low), math.Abs(high)))})
	}
	return ticks
}

// tickLabel writes the number at a tick of an axis that reaches so far: 4e6, not
// 4000000.
func tickLabel(v, reach float64) string {
	if reach < 1e5 || v == 0 {
		return Number(v, 12)
	}
	power := math.Floor(math.Log10(math.Abs(v)) + 1e-9)
	return Number(v/math.Pow(10, power), 6) + "e" + strconv.Itoa(int(power))
}

// roundStep returns the smallest of 1, 2 and 5 times a power of ten that is not
// below v.
func roundStep(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, f := range []float64{1, 2, 5} {
		if f*power >= v*(1-1e-9) {
			return f * power
		}
	}
	return 10 * power
}

func roundTo(v, step float64) float64 {
	digits := int(max(0, 1-math.Floor(math.Log10(step))))
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', min(digits, 300), 64), 64)
	return r
}

// wholeTicks marks whole numbers.
type wholeTicks int

// Ticks returns the marks between two numbers.
func (n wholeTicks) Ticks(low, high float64) []plot.Tick {
	step := max(1, roundStep((high-low)/float64(n)))
	var ticks []plot.Tick
	for v := math.Ceil(low/step) * step; v <= high; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: Number(v, 12)})
	}
	return ticks
}

// decades marks powers of ten, and not too many of them.
type decades struct {
	zero float64 // what this number stands for is 0 and less; none if 0
}

// Ticks returns the marks between two numbers.
func (d decades) Ticks(low, high float64) []plot.Tick {
	first, last := math.Ceil(math.Log10(low)-1e-9), math.Floor(math.Log10(high)+1e-9)
	stride := max(1, math.Ceil((last-first)/6))
	var ticks []plot.Tick
	for e := math.Ceil(first/stride) * stride; e <= last; e += stride {
		if v := math.Pow(10, e); v > d.zero*1.5 {
			ticks = append(ticks, plot.Tick{Value: v, Label: "1e" + strconv.Itoa(int(e))})
		}
	}
	if d.zero > 0 {
		ticks = append(ticks, plot.Tick{Value: d.zero, Label: "0"})
	}
	if last-first < 1 { // powers of ten alone say too little
		for _, f := range []float64{2, 5} {
			for e := first - 1; e <= last; e++ {
				if v := f * math.Pow(10, e); v >= low && v <= high {
					ticks = append(ticks, plot.Tick{Value: v, Label: Number(v, 3)})
				}
			}
		}
	}
	return ticks
}

// Number writes a number for people with at most so many significant digits:
// 1e-6, not 1e-06; a dash for what is not known.
func Number(v float64, digits int) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	case v == 0:
		return "0"
	}
	s := strconv.FormatFloat(v, 'g', digits, 64)
	if a := math.Abs(v); a >= 1e-4 && a < 1e7 {
		decimals := max(0, digits-1-int(math.Floor(math.Log10(a))))
		s = strconv.FormatFloat(v, 'f', decimals, 64)
		if strings.Contains(s, ".") {
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		}
	}
	mantissa, exponent, found := strings.Cut(s, "e")
	if !found {
		return s
	}
	sign := ""
	if exponent[0] == '-' {
		sign = "-"
	}
	return mantissa + "e" + sign + strings.TrimLeft(exponent[1:], "0")
}
