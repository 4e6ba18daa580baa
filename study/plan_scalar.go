package study

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Numbers are those of the YAML 1.2 core schema (section 10.3.2 of its
// specification) in decimal. The library follows YAML 1.1 in part: it takes 1e-3
// for text and 010 for eight. So numbers are read from the text of the scalar.
var (
	decimal = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	whole   = regexp.MustCompile(`^[-+]?[0-9]+$`)
)

// plain returns the text of a scalar that is not in quotes.
func plain(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return strings.TrimSpace(n.GetToken().Value), true
	case *ast.StringNode:
		quoted := n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType
		return n.Value, !quoted
	default:
		return "", false
	}
}

// readScalar reads text, a number, or true or false.
func (r *reader) readScalar(n ast.Node, path string, v reflect.Value) {
	if _, null := n.(*ast.NullNode); null {
		r.fault(path, "%s has no value; write one%s", subject(path), orRemove(path))
		return
	}
	switch v.Kind() {
	case reflect.String:
		r.readText(n, path, v)
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
			return
		}
		r.fault(path, "%s must be true or false, not %s", subject(path), describe(n))
	case reflect.Int, reflect.Uint64:
		r.readWhole(n, path, v)
	case reflect.Float64:
		r.readNumber(n, path, v)
	default:
		panic("study: the plan has a field of type " + v.Type().String() + ", which cannot be read")
	}
}

func (r *reader) readText(n ast.Node, path string, v reflect.Value) {
	switch n := n.(type) {
	case *ast.StringNode:
		if text, ok := plain(n); ok && decimal.MatchString(text) {
			break // 1e3 and the like, which the library takes for text
		}
		v.SetString(n.Value)
		return
	case *ast.LiteralNode:
		v.SetString(n.Value.Value)
		return
	}
	advice := ""
	if text, ok := plain(n); ok {
		advice = fmt.Sprintf("; if it is meant as text, put it in quotes: %q", clip(text))
	}
	r.fault(path, "%s must be text, not %s%s", subject(path), describe(n), advice)
}

func (r *reader) readWhole(n ast.Node, path string, v reflect.Value) {
	text, ok := plain(n)
	if !ok || !whole.MatchString(text) {
		r.fault(path, "%s must be a whole number, not %s%s", subject(path), describe(n), unquote(n))
		return
	}
	text = strings.TrimPrefix(text, "+")
	if v.Kind() == reflect.Uint64 {
		u, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			r.fault(path, "%s must be a whole number from 0 to %d", subject(path), uint64(math.MaxUint64))
		}
		v.SetUint(u)
		return
	}
	i, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		r.fault(path, "%s is %s, which is out of range", subject(path), clip(text))
	}
	v.SetInt(i)
}

func (r *reader) readNumber(n ast.Node, path string, v reflect.Value) {
	switch n.(type) {
	case *ast.InfinityNode, *ast.NanNode:
		r.fault(path, "%s must be a finite number, not %s%s", subject(path), n.GetToken().Value, orRemove(path))
		return
	}
	text, ok := plain(n)
	if !ok || !decimal.MatchString(text) {
		r.fault(path, "%s must be a number, not %s%s", subject(path), describe(n), unquote(n))
		return
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		r.fault(path, "%s is %s, which is too large for a number", subject(path), clip(text))
	}
	v.SetFloat(f)
}

func (r *reader) readDuration(n ast.Node, path string, v reflect.Value) {
	text, ok := n.(*ast.StringNode)
	var d time.Duration
	var err error
	if ok {
		d, err = time.ParseDuration(text.Value)
	}
	switch {
	case !ok || err != nil:
		r.fault(path, "%s must be a length of time with its unit, as 90s, 10m or 1h30m, not %s", subject(path), describe(n))
	case d <= 0:
		r.fault(path, "%s must be longer than nothing; leave it out for no limit", subject(path))
	default:
		v.SetInt(int64(d))
	}
}

// readPartials reads true, false, or a list of the names of variables.
func (r *reader) readPartials(n ast.Node, path string, v reflect.Value) {
	switch n.(type) {
	case *ast.BoolNode:
		r.readScalar(n, path, v.FieldByName("All"))
	case *ast.SequenceNode:
		r.readList(n, path, v.FieldByName("Names"))
	default:
		r.fault(path, "partials must be true, false or a list of the names of variables, not %s", describe(n))
	}
}

// readEnvironment reads a mapping of names to scalars, which are taken as they
// are written: OMP_NUM_THREADS: 4 needs no quotes.
func (r *reader) readEnvironment(n ast.Node, path string, v reflect.Value) {
	pairs, ok := entries(n)
	if !ok {
		r.fault(path, "%s must be a mapping (NAME: value), not %s", subject(path), describe(n))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	r.each(pairs, path, func(key string, _ *token.Position, value ast.Node) {
		p := child(path, key)
		text, ok := plain(value)
		if s, quoted := value.(*ast.StringNode); quoted {
			text, ok = s.Value, true
		}
		r.places[p] = start(value)
		if !ok {
			r.fault(p, "the environment variable %q must be text or a number, not %s", clip(key), describe(value))
			return
		}
		v.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(text))
	})
}

// subject names what stands at a path, for the beginning of a sentence.
func subject(path string) string {
	key := path[strings.LastIndex(path, ".")+1:]
	switch name, _, item := strings.Cut(key, "["); {
	case path == "":
		return "a study file"
	case !item:
		return key
	case name == "variables":
		return "a variable"
	case name == "responses":
		return "a response"
	default:
		return "an entry of " + name
	}
}

// describe says what a node is, for "not ...".
func describe(n ast.Node) string {
	switch n := n.(type) {
	case *ast.NullNode:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.LiteralNode:
		return "a block of text"
	case *ast.StringNode:
		if text, ok := plain(n); ok && decimal.MatchString(text) {
			return "the number " + clip(text)
		}
		return fmt.Sprintf("the text %q", clip(n.Value))
	case *ast.IntegerNode, *ast.FloatNode:
		if text, _ := plain(n); !decimal.MatchString(text) {
			return clip(text) + ", which is not a decimal number"
		}
		return "the number " + clip(n.GetToken().Value)
	case *ast.InfinityNode, *ast.NanNode:
		return "the number " + clip(n.GetToken().Value)
	case *ast.BoolNode:
		return n.GetToken().Value
	case *ast.AliasNode:
		return "an alias"
	case *ast.AnchorNode:
		return "an anchor"
	default:
		return "this"
	}
}

// clip shortens text for a message.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "..."
}

// unquote is the advice for a number in quotes.
func unquote(n ast.Node) string {
	if s, ok := n.(*ast.StringNode); ok && decimal.MatchString(s.Value) && s.Token.Type != token.StringType {
		return "; remove the quotes"
	}
	return ""
}

// orRemove is the advice for a key that may be left out.
func orRemove(path string) string {
	switch key := path[strings.LastIndex(path, ".")+1:]; {
	case strings.HasSuffix(key, "]"), key == "name", key == "variables", key == "responses":
		return ""
	case strings.HasPrefix(path, "variables[") && (key == "lower" || key == "upper"):
		return ""
	}
	return " or remove the key"
}

// listExample shows how a value is written as a list.
func listExample(path string, n ast.Node) string {
	if s, ok := n.(*ast.StringNode); ok && !decimal.MatchString(s.Value) {
		words := strings.Fields(clip(s.Value))
		for i, w := range words {
			words[i] = strconv.Quote(w)
		}
		return "[" + strings.Join(words, ", ") + "]"
	}
	if text, ok := plain(n); ok {
		return "[" + clip(text) + "]"
	}
	if e, ok := examples[path]; ok {
		return strings.TrimPrefix(e, path+": ")
	}
	return "[..., ...]"
}
