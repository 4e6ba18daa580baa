package deck_test

import (
	"math"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/study/internal/deck"
)

func TestRender(t *testing.T) {
	values := map[string]float64{"a": 1.5, "b": -2.25, "x[1]": 1.0 / 3, "big": 1e6}
	for text, want := range map[string]string{
		"":                               "",
		"a {a} }} %":                     "a {a} }} %",
		"ALPHA {{a}}\n":                  "ALPHA 1.5\n",
		"{{ a }}{{b}}":                   "1.5-2.25",
		"{{x[1]}}":                       "0.3333333333333333",
		"{{big}}":                        "1e+06",
		"|{{a %10.3f}}|":                 "|     1.500|",
		"|{{a %-8.1e}}|":                 "|1.5e+00 |",
		"|{{ b * 2 + 1 %+6.2f }}|":       "| -3.50|",
		"|{{a / 3 - 0.25}}|":             "|0.25|",
		"|{{ x[1] %14.5D }}|":            "|   3.33333D-01|",
		"|{{a %012.4E}}|{{b %G}}|":       "|001.5000E+00|-2.25|",
		"first\nsecond {{a}} {{big %g}}": "first\nsecond 1.5 1e+06",
	} {
		tmpl, faults := deck.Parse(text, deck.Braces)
		require.Empty(t, faults, text)
		got, err := tmpl.Render(values)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	tmpl, faults := deck.Parse("<x1> <x2>", deck.Delimiters{Open: "<", Close: ">"})
	require.Empty(t, faults)
	require.Equal(t, []deck.Place{{Name: "x1", Line: 1, Column: 1}, {Name: "x2", Line: 1, Column: 6}}, tmpl.Places())

	tmpl, faults = deck.Parse("\n é {{big %5.1f}}", deck.Braces)
	require.Empty(t, faults)
	_, err := tmpl.Render(values)
	require.EqualError(t, err, "2:4: big = 1e+06 takes 9 columns, and its format has 5")
	require.PanicsWithValue(t, "deck: there is no value for big", func() { _, _ = tmpl.Render(nil) })
}

func TestParseFaults(t *testing.T) {
	for text, want := range map[string]string{
		"a\n  {{a":        "2:3: the placeholder is not closed by }} in its line",
		"{{a\n}}":         "1:1: the placeholder is not closed by }} in its line",
		"{{}}":            "1:1: in the placeholder {{}}, there is no name",
		"{{ %.3f }}":      "1:1: in the placeholder {{ %.3f }}, there is no name",
		"é {{a b}}":       "1:3: in the placeholder {{a b}}, \"b\" is out of place; write it as `name`, `name * 2.5` or `name * 1.8 + 32`, with blanks between",
		"{{a * b}}":       `1:1: in the placeholder {{a * b}}, "b" is no number`,
		"{{a ^ 2}}":       `1:1: in the placeholder {{a ^ 2}}, "^" is none of + - * /`,
		"{{a * 0}}":       "1:1: in the placeholder {{a * 0}}, the value is lost by * 0",
		"{{a * Inf}}":     `1:1: in the placeholder {{a * Inf}}, "Inf" is no number`,
		"{{a + 1 * 2}}":   "1:1: in the placeholder {{a + 1 * 2}}, * comes after a sum, where it is not clear what it is applied to; multiply first",
		"{{a %d}}":        `1:1: in the placeholder {{a %d}}, "%d" is for whole numbers; write %.0f`,
		"{{a %s}}":        `1:1: in the placeholder {{a %s}}, "%s" has the conversion s; there are e, E, f, g, G and D`,
		"{{a %5.3}}":      `1:1: in the placeholder {{a %5.3}}, "%5.3" is no format; write it as %12.4e, with e, E, f, g, G or D`,
		"{{a}} {{b}} {{ ": "1:13: the placeholder is not closed by }} in its line",
	} {
		_, faults := deck.Parse(text, deck.Braces)
		require.Len(t, faults, 1, text)
		require.EqualError(t, faults[0], want)
	}
	_, faults := deck.Parse("{{a b}}{{}}\n{{c", deck.Braces)
	require.Len(t, faults, 3)
}

const output = "  Solver 2.1\r\n" + `
 iteration 1
   CD = 0.0200  CL: 0.4
 iteration 2
   CD = 1.23D-02  CL: 0.5
 gradients
   mach      alpha
   0.1,      -2.5E-03   ******
  12.5  34.5abc
a;b; 3 ;4
total 1.0000-103
`

func TestFind(t *testing.T) {
	pattern := regexp.MustCompile
	for _, c := range []struct {
		name   string
		anchor deck.Anchor
		want   []float64 // as many as are asked for; nil for one
		err    string
	}{
		{name: "last", anchor: deck.Anchor{After: "CD", Occurrence: -1}, want: []float64{0.0123}},
		{name: "first", anchor: deck.Anchor{After: "CD", Occurrence: 1}, want: []float64{0.02}},
		{name: "one before the last", anchor: deck.Anchor{After: "CL", Occurrence: -2}, want: []float64{0.4}},
		{name: "below", anchor: deck.Anchor{After: "gradients", Line: 2}, want: []float64{0.1, -2.5e-3}},
		{name: "below, second field", anchor: deck.Anchor{After: "gradients", Line: 2, Field: 2}, want: []float64{-2.5e-3}},
		{name: "above", anchor: deck.Anchor{After: "gradients", Line: -1, Field: -1}, want: []float64{0.5}},
		{name: "groups", anchor: deck.Anchor{Pattern: pattern(`CD\s*=\s*(\S+)\s+CL:\s*(\S+)`), Occurrence: 2}, want: []float64{0.0123, 0.5}},
		{name: "pattern without groups", anchor: deck.Anchor{Pattern: pattern(`(?i)CL`), Occurrence: -1}, want: []float64{0.5}},
		{name: "line from the top", anchor: deck.Anchor{Line: 3, Field: 2}, want: []float64{1}},
		{name: "line from the end", anchor: deck.Anchor{Line: -1, Field: 2}, want: []float64{1e-103}},
		{name: "columns", anchor: deck.Anchor{Line: 10, Columns: [2]int{2, 6}}, want: []float64{12.5}},
		{name: "columns to the end", anchor: deck.Anchor{Line: 4, Columns: [2]int{21, 90}}, want: []float64{0.4}},
		{name: "separator", anchor: deck.Anchor{Line: -2, Field: 3, Separator: ";"}, want: []float64{3, 4}},

		{name: "not there", anchor: deck.Anchor{After: "CM"}, err: `the text "CM" is not in it`},
		{name: "pattern not there", anchor: deck.Anchor{Pattern: pattern(`^CM (\S+)`)}, err: `the pattern ^CM (\S+) is not in it`},
		{name: "which one", anchor: deck.Anchor{After: "CD"}, err: `the text "CD" is in it 2 times, first in lines 4 and 6; say which one by occurrence (-1 is the last)`},
		{name: "too few", anchor: deck.Anchor{After: "CD", Occurrence: -3}, err: `the text "CD" is in it only 2 times, and occurrence -3 is asked for`},
		{name: "behind the end", anchor: deck.Anchor{After: "total", Line: 1}, err: `the text "total" is in line 12, and 1 below there is no line: there are 12`},
		{name: "no line", anchor: deck.Anchor{Line: 13}, err: "there is no line 13: it has 12"},
		{name: "no field", anchor: deck.Anchor{After: "total", Field: 2}, err: "line 12 has 1 fields behind the anchor, too few for field 2"},
		{name: "no fields", anchor: deck.Anchor{Line: 8}, want: []float64{0, 0, 0}, err: "line 8 has 2 fields, too few for field 1 to 3"},
		{name: "no number", anchor: deck.Anchor{Line: 10, Field: 2}, err: `field 2 of line 10 is "34.5abc", which is no number`},
		{name: "overflow", anchor: deck.Anchor{Line: 9, Field: 3}, err: "field 3 of line 9 is ******: the number did not fit its columns"},
		{name: "no columns", anchor: deck.Anchor{Line: 1, Columns: [2]int{50, 60}}, err: "line 1 ends before column 50"},
		{name: "empty columns", anchor: deck.Anchor{Line: 4, Columns: [2]int{1, 2}}, err: `columns 1 to 2 of line 4 is "", which is no number`},
		{name: "empty group", anchor: deck.Anchor{Pattern: pattern(`total (x)?`)}, err: "group 1 of the pattern total (x)? is empty in line 12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.anchor.Find(output, max(len(c.want), 1))
			if c.err != "" {
				require.EqualError(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	_, err := deck.Anchor{Line: 1}.Find("", 1)
	require.EqualError(t, err, "there is no line 1: it has 0")
}

// FuzzParse: no panic; a template without faults renders, and its text stays.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"{{a}}", "a {{ b * 2 %5.2f }}\n", "{{", "}}", "{{{{}}}}", "{{a %999.99e}}", "{{a / 1e-999}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, faults := deck.Parse(text, deck.Braces)
		if len(faults) > 0 {
			return
		}
		values := map[string]float64{}
		for _, p := range tmpl.Places() {
			require.Positive(t, p.Line)
			require.Positive(t, p.Column)
			values[p.Name] = 1.5
		}
		got, err := tmpl.Render(values)
		if err == nil && len(values) == 0 {
			require.Equal(t, text, got)
		}
	})
}

// FuzzFind: no panic, and as many numbers as were asked for.
func FuzzFind(f *testing.F) {
	f.Add(output, "CD", -1, 0, 1, 1, 0, 0, "")
	f.Add(output, "", 0, 3, -1, 2, 1, 4, ";")
	f.Fuzz(func(t *testing.T, text, after string, occurrence, line, field, n, from, to int, separator string) {
		if n < 1 || n > 10 || from < 0 || to < from || line > math.MaxInt32 || line < -math.MaxInt32 || (from == 0) != (to == 0) {
			return
		}
		a := deck.Anchor{After: after, Occurrence: occurrence, Line: line, Field: field, Columns: [2]int{from, to}, Separator: separator}
		if from > 0 {
			n = 1
		}
		numbers, err := a.Find(text, n)
		if err == nil {
			require.Len(t, numbers, n)
		}
	})
}
