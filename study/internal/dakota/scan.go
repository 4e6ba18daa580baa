package dakota

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/sbo-go/sbo/study/internal/numeral"
)

// token is a word or a bracket: [ ] [[ ]].
type token struct {
	text string
	line int // from 1
}

func (t token) isBracket() bool { return t.text[0] == '[' || t.text[0] == ']' }

// tokenize splits a results file into words and brackets, which may touch.
func tokenize(file []byte) []token {
	var tokens []token
	for i, line := range strings.Split(strings.ToValidUTF8(string(file), "\uFFFD"), "\n") {
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || r == 0 }) {
			for word != "" {
				n := strings.IndexAny(word, "[]")
				switch {
				case n < 0:
					n = len(word)
				case n == 0:
					if n = 1; len(word) > 1 && word[1] == word[0] {
						n = 2
					}
				}
				tokens = append(tokens, token{word[:n], i + 1})
				word = word[n:]
			}
		}
	}
	return tokens
}

// scanner goes through the tokens.
type scanner struct {
	tokens []token
	next   int
}

func (s *scanner) end() bool { return s.next == len(s.tokens) }

// number passes a number.
func (s *scanner) number() (float64, bool) {
	if s.end() {
		return 0, false
	}
	v, ok := numeral.Parse(s.tokens[s.next].text)
	if ok {
		s.next++
	}
	return v, ok
}

// label passes a word that is no number.
func (s *scanner) label() (string, bool) {
	if s.end() || s.tokens[s.next].isBracket() {
		return "", false
	}
	text := s.tokens[s.next].text
	if _, ok := numeral.Parse(text); ok {
		return "", false
	}
	s.next++
	return text, true
}

// before quotes what comes next.
func (s *scanner) before() string {
	if s.end() {
		return " and ends"
	}
	return fmt.Sprintf(" before %.40q in line %d", s.tokens[s.next].text, s.tokens[s.next].line)
}

// brackets reads the vectors, or matrices row by row, between pairs of brackets.
func (s *scanner) brackets(open, what string) ([][]float64, error) {
	var all [][]float64
	for !s.end() && s.tokens[s.next].text == open {
		at := s.tokens[s.next].line
		s.next++
		list := []float64{}
		for {
			if v, ok := s.number(); ok {
				list = append(list, v)
				continue
			}
			if s.end() {
				return nil, fmt.Errorf("the bracket of line %d is not closed", at)
			}
			if s.tokens[s.next].text == strings.ReplaceAll(open, "[", "]") {
				s.next++
				break
			}
			return nil, fmt.Errorf("%s %d has %.40q in line %d, which is no number", what, len(all)+1, s.tokens[s.next].text, s.tokens[s.next].line)
		}
		all = append(all, list)
	}
	return all, nil
}
