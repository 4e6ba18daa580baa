package study

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of a study file. The parser's time and memory grow with the square of the
// nesting and of the keys, so what no study needs is refused before it is parsed.
const (
	maxFileSize = 1 << 18 // bytes
	maxNesting  = 32      // of lists and mappings; a study needs 4
	maxKeys     = 10_000  // "key:" in the file
	maxValues   = 50_000  // read from a file, with every use of an alias counted anew
)

// byteOrderMark is what some editors put before UTF-8 text.
const byteOrderMark = "\ufeff"

// parse returns the syntax tree of a study file, nil if the file is empty of
// values. What is wrong with the file as a whole is reported as faults.
func parse(source []byte) (ast.Node, []spot) {
	if len(source) > maxFileSize {
		return nil, []spot{{1, 1, "the file is larger than 256 KiB; a study file holds the plan, not data"}}
	}
	if at := invalidUTF8(source); at != nil {
		return nil, []spot{*at}
	}
	text := strings.TrimPrefix(string(source), byteOrderMark)
	if at := excessive(lexer.Tokenize(text)); at != nil {
		return nil, []spot{*at}
	}
	// Duplicate keys are allowed here so that the reader can report all of them.
	file, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, []spot{syntaxFault(err)}
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if _, directive := doc.Body.(*ast.DirectiveNode); doc.Body != nil && !directive {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return nil, nil
	case 1:
		return bodies[0], nil
	}
	return nil, []spot{spotAt(start(bodies[1]), "a second document begins here; a study file holds one, so remove the line --- or ... before it")}
}

// spot is a fault without its file.
type spot struct {
	line, column int
	message      string
}

func spotAt(p *token.Position, message string) spot {
	if p == nil {
		return spot{1, 1, message}
	}
	return spot{p.Line, p.Column, message}
}

// start returns where the text of a node begins.
func start(n ast.Node) *token.Position {
	switch n := n.(type) {
	case *ast.MappingNode:
		// The token of a block mapping is the first colon, not its first key.
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return start(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return start(n.Key)
	}
	if t := n.GetToken(); t != nil {
		return t.Position
	}
	return nil
}

func invalidUTF8(source []byte) *spot {
	if utf8.Valid(source) {
		return nil
	}
	line, column := 1, 1
	for i := 0; i < len(source); {
		r, size := utf8.DecodeRune(source[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return &spot{line, column, "this is not text in UTF-8; save the file in that encoding"}
		case r == '\n':
			line, column = line+1, 1
		default:
			column++
		}
		i += size
	}
	return nil
}

// excessive finds where there are more keys than any study needs, or where lists,
// mappings, or marks before a value are nested deeper: flow brackets, dashes in one
// line, lines that are indented ever further, and runs of anchors and tags.
func excessive(tokens token.Tokens) *spot {
	var indents []int // of the lines this one is nested in, outside of brackets
	brackets, dashes, marks, line, keys := 0, 0, 0, 0, 0
	for _, t := range tokens {
		p := t.Position
		if p.Line != line {
			line, dashes = p.Line, 0
			if brackets == 0 {
				for len(indents) > 0 && indents[len(indents)-1] >= p.Column {
					indents = indents[:len(indents)-1]
				}
				indents = append(indents, p.Column)
			}
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets = max(0, brackets-1)
		case token.SequenceEntryType, token.MappingKeyType:
			dashes++
		case token.MappingValueType:
			if keys++; keys > maxKeys {
				s := spotAt(p, fmt.Sprintf("the file has more than %d keys; a study file holds the plan, not data", maxKeys))
				return &s
			}
		default: // says nothing about nesting
		}
		marks = run(marks, t.Type)
		if len(indents)+brackets+dashes > maxNesting || marks > maxNesting {
			s := spotAt(p, "lists and mappings are nested too deeply here; a study file needs no more than four levels")
			return &s
		}
	}
	return nil
}

// run counts the anchors, aliases and tags that follow each other.
func run(marks int, t token.Type) int {
	switch t {
	case token.AnchorType, token.TagType, token.AliasType:
		return marks + 1
	case token.StringType: // the name of an anchor, or a value
		return marks
	default:
		return 0
	}
}

// syntaxFault takes position and message from an error of the parser.
func syntaxFault(err error) spot {
	var positioned interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if !errors.As(err, &positioned) || positioned.GetToken() == nil {
		return spot{1, 1, "this is not YAML: " + strings.ReplaceAll(err.Error(), "\n", " ")}
	}
	message := positioned.GetMessage()
	advice := "; mend the syntax here or just above"
	switch {
	case strings.Contains(message, "'\t'"):
		message, advice = "found a tab", "; YAML is indented with spaces"
	case strings.Contains(message, "mapping value is not allowed"):
		advice = `; put text that holds ": " in quotes, and each key on its own line or between commas`
	}
	return spotAt(positioned.GetToken().Position, "this is not YAML: "+message+advice)
}
