package study

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo"
)

var twoByTwo = sbo.Problem{
	Variables: []sbo.Variable{{Name: "a", Lower: 0, Upper: 1}, {Name: "b", Lower: 0, Upper: 1}},
	Responses: []sbo.Response{sbo.Minimize("f"), sbo.AtMost("g", 0)},
}

// FuzzParseAnswer feeds the parser what a program may print: it must not panic,
// and whatever it accepts is finite, or NaN where a partial is missing.
func FuzzParseAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"id": 7, "values": {"f": 0.012, "g": 0.51}, "partials": {"f": {"a": 0.001, "b": 0}}}`,
		`{"id": 7, "failed": "mesh did not close"}`,
		"chatter\n{\"values\": {\"f\": 1, \"g\": 2}}\nbye",
		"{\n \"values\": {\n \"f\": 1, \"g\": 2}\n}\n",
		`{"values": {"f": NaN, "g": -Infinity}}`, `{"values": {"f": 1e999, "g": "inf"}}`,
		`{"values": {"f": 1, "f": 2}}`, `{"values": null, "partials": {"f": null}}`, `{"failed": true}`,
		`{"values": {"f": 1, "g": 2}, "partials": {"f": {"a": +NaN, "b": "x"}}}`, `{"id": 1.5}`, `{"x":`, `{"\ud800": 1}`, "{", "[]", "", "{}{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, output []byte) {
		for _, text := range [][]byte{output, findReply(output)} {
			r, err := parseReply(text)
			if err != nil {
				continue
			}
			y, partials, _, cause := r.judge(7, twoByTwo)
			if cause != "" {
				require.Nil(t, y)
				continue
			}
			require.Len(t, y, 2)
			require.Len(t, partials, 4)
			for _, v := range y {
				require.True(t, finite(v))
			}
			for _, v := range partials {
				require.False(t, math.IsInf(v, 0))
			}
		}
	})
}

func TestFindReply(t *testing.T) {
	for _, c := range []struct{ name, output, reply string }{
		{"nothing", "hello\nworld\n", ""},
		{"last line", "{\"a\": 1}\n{\"b\": 2}\n", `{"b": 2}`},
		{"chatter behind", "{\"a\": 1}\nbye\n", `{"a": 1}`},
		{"indented line", "  {\"a\": 1}  \r\n", `{"a": 1}`},
		{"several lines", "{\"old\": 1}\n{\n  \"a\": {\n    \"b\": 1\n  }\n}\nbye\n", "{\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		{"broken off after a preliminary one", "{\"a\": 1}\n{\"a\": 2", `{"a": 2`},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.reply, string(findReply([]byte(c.output)))) })
	}
}

func TestQuoteOddNumbers(t *testing.T) {
	for in, out := range map[string]string{
		`{"a": NaN}`:                       `{"a": "NaN"}`,
		`[-Infinity,+inf,nan]`:             `["-Infinity","+inf","nan"]`,
		`{"NaN": "NaN \" NaN", "b": true}`: `{"NaN": "NaN \" NaN", "b": true}`,
		`[1e5, -2E-3, null, "`:             `[1e5, -2E-3, null, "`,
		`NaNa`:                             `NaNa`,
		`"\`:                               `"\`,
	} {
		require.Equal(t, out, string(quoteOddNumbers([]byte(in))))
	}
}
