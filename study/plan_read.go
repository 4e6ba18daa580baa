package study

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/sbo-go/sbo"
)

// reader turns the syntax tree of a study file into a [Plan]. The YAML library's
// own decoder stops at the first fault; this one goes on, and remembers where
// each value stands, so that later checks can point at it too. What a value may
// be is read off the Go type and tags of the plan, and nowhere else.
//
// A path names a place of the plan, as in variables[2].lower.
type reader struct {
	faults  []spot
	targets map[*ast.AliasNode]ast.Node
	places  map[string]*token.Position // of the values that are there
	items   map[string]*token.Position // of the keys, for faults about what a value lacks
	broken  map[string]bool            // paths of values with a fault of their own
	tainted map[string]bool            // paths with a fault at or below them
	values  int
}

func newReader() *reader {
	return &reader{
		targets: map[*ast.AliasNode]ast.Node{}, places: map[string]*token.Position{},
		items: map[string]*token.Position{}, broken: map[string]bool{}, tainted: map[string]bool{},
	}
}

// has reports whether the file gives a value at path, be it wrong or right.
func (r *reader) has(path string) bool { return r.places[path] != nil }

// clean reports whether there is no fault at or below path, and none of what
// path is a part of was faulty as a whole and so could not be read.
func (r *reader) clean(path string) bool {
	if r.tainted[path] {
		return false
	}
	for ; path != ""; path = parent(path) {
		if r.broken[path] {
			return false
		}
	}
	return !r.broken[""]
}

// fault reports a fault at the value of path or, if that is not there, at the
// innermost thing around it. A fault about a path excuses those that follow from it.
func (r *reader) fault(path, format string, args ...any) {
	at := path
	for at != "" && r.places[at] == nil {
		at = parent(at)
	}
	r.faultAt(r.places[at], path, format, args...)
}

// faultAt reports a fault about path that stands at the given position.
func (r *reader) faultAt(p *token.Position, path, format string, args ...any) {
	r.faults = append(r.faults, spotAt(p, fmt.Sprintf(format, args...)))
	r.excuse(path)
}

// excuse marks a path as faulty, so that nothing more is said about it.
func (r *reader) excuse(path string) {
	r.broken[path] = true
	for ; path != ""; path = parent(path) {
		r.tainted[path] = true
	}
	r.tainted[""] = true
}

// parent of variables[2].lower is variables[2], whose parent is variables.
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

func child(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// read decodes a node into v and remembers where it stands.
func (r *reader) read(n ast.Node, path string, v reflect.Value) {
	if r.values++; r.values > maxValues {
		if r.values == maxValues+1 {
			r.fault(path, "the file holds more than %d values; a study file holds the plan, not data", maxValues)
		}
		return
	}
	r.places[path] = start(n)
	switch m := n.(type) {
	case *ast.AnchorNode:
		n = m.Value
	case *ast.AliasNode:
		n = r.targets[m]
	}
	switch n.(type) {
	case nil:
		r.fault(path, "this alias has no anchor before it; write the value out, or mark another with &")
		return
	case *ast.AnchorNode, *ast.AliasNode:
		r.fault(path, "an alias stands for another alias; write the value out")
		return
	case *ast.TagNode:
		r.fault(path, "a study file needs no tags such as !!str; remove it")
		return
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	switch {
	case v.Type() == reflect.TypeFor[Duration]():
		r.readDuration(n, path, v)
	case v.Type() == reflect.TypeFor[Partials]():
		r.readPartials(n, path, v)
	case v.Type() == reflect.TypeFor[Scalar]():
		r.readValue(n, path, v)
	case v.Type() == reflect.TypeFor[Layers]():
		r.readLayers(n, path, v)
	case v.Type() == reflect.TypeFor[Factors]():
		r.readFactors(n, path, v)
	case v.Kind() == reflect.Struct:
		r.readStruct(n, path, v)
	case v.Kind() == reflect.Map:
		r.readEnvironment(n, path, v)
	case v.Kind() == reflect.Slice:
		r.readList(n, path, v)
	default:
		r.readScalar(n, path, v)
	}
}

// entries returns the keys and values of a mapping.
func entries(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	default:
		return nil, false
	}
}

// each calls f with every key of a mapping that is text and appears once, and
// reports the others.
func (r *reader) each(pairs []*ast.MappingValueNode, path string, f func(key string, at *token.Position, value ast.Node)) {
	first := map[string]int{}
	for _, pair := range pairs {
		at := start(pair.Key)
		name, ok := pair.Key.(*ast.StringNode)
		switch {
		case pair.Key.IsMergeKey():
			r.faultAt(at, child(path, "<<"), "merging mappings with << is not part of a study file; write the keys out")
		case !ok:
			r.faultAt(at, child(path, "?"), "a key must be plain text; write it as key: value")
		case first[name.Value] > 0:
			r.faultAt(at, child(path, name.Value), "the key %q is here twice, first in line %d; keep one", name.Value, first[name.Value])
		default:
			first[name.Value] = max(at.Line, 1)
			f(name.Value, at, pair.Value)
		}
	}
}

// readStruct reads a mapping whose keys are the fields of a struct.
func (r *reader) readStruct(n ast.Node, path string, v reflect.Value) {
	pairs, ok := entries(n)
	if _, empty := n.(*ast.NullNode); empty && !ok {
		pairs, ok = nil, true // a section with nothing in it, or with comments only
	}
	if !ok {
		r.fault(path, "%s must be a mapping (key: value), not %s", subject(path), describe(n))
		return
	}
	names, fields := keys(v.Type())
	r.each(pairs, path, func(key string, at *token.Position, value ast.Node) {
		i := slices.Index(names, key)
		if i < 0 {
			r.unknown(at, path, key, names)
			return
		}
		r.items[child(path, key)] = at
		r.read(value, child(path, key), v.FieldByIndex(fields[i].Index))
		r.checkRange(child(path, key), v.FieldByIndex(fields[i].Index), fields[i])
	})
	for i, f := range fields {
		if p := child(path, names[i]); required(f) && !r.has(p) && r.clean(p) {
			r.missing(path, names[i], v.Type())
		}
	}
}

func (r *reader) unknown(at *token.Position, path, key string, names []string) {
	owner := "a study file"
	if path != "" {
		owner = subject(path)
	}
	if near := sbo.Nearest(key, names); near != "" {
		r.faultAt(at, child(path, key), "unknown key %q; did you mean %q?", clip(key), near)
		r.excuse(child(path, near)) // it is not missing, but misspelled
		return
	}
	r.faultAt(at, child(path, key), "unknown key %q; the keys of %s are %s", clip(key), owner, strings.Join(names, ", "))
}

// examples are what to write for a key that is missing.
var examples = map[string]string{
	"variables": "variables: [{name: x, lower: 0, upper: 1}]",
	"responses": "responses: [{name: f, minimize: true}]",
	"evaluator": `evaluator: {command: ["./simulate.sh"]}`,
	"name":      "name: x",
	"value":     "value: 1",
	"file":      "file: case.inp",
	"response":  "response: f",
	"outputs":   `outputs: [{response: f, file: out.txt, after: "f ="}]`,
	"lower":     "lower: 0",
	"upper":     "upper: 1",
}

func (r *reader) missing(path, key string, owner reflect.Type) {
	what := "the study file"
	switch owner {
	case reflect.TypeFor[VariablePlan]():
		what = "this variable"
	case reflect.TypeFor[ResponsePlan]():
		what = "this response"
	case reflect.TypeFor[StateVariable]():
		what = "this state variable"
	case reflect.TypeFor[TemplatePlan]():
		what = "this template"
	case reflect.TypeFor[InputPlan]():
		what = "this input"
	case reflect.TypeFor[OutputPlan]():
		what = "this output"
	}
	r.fault(child(path, key), "%s has no %q; add it, as in `%s`", what, key, examples[key])
}

// readList reads a sequence.
func (r *reader) readList(n ast.Node, path string, v reflect.Value) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		r.fault(path, "%s must be a list, not %s; write it as `%s`", subject(path), describe(n), listExample(path, n))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for i, item := range list.Values {
		if r.values > maxValues {
			return
		}
		element := reflect.New(v.Type().Elem()).Elem()
		r.read(item, fmt.Sprintf("%s[%d]", path, i), element)
		v.Set(reflect.Append(v, element))
	}
	if len(list.Values) == 0 {
		r.fault(path, "%s is an empty list; write at least one entry%s", subject(path), orRemove(path))
	}
}

// resolve finds what every alias of the tree stands for: the latest anchor of
// that name before it.
func (r *reader) resolve(root ast.Node) {
	ast.Walk(&anchors{named: map[string]ast.Node{}, targets: r.targets}, root)
}

type anchors struct {
	named   map[string]ast.Node
	targets map[*ast.AliasNode]ast.Node
}

// Visit is called by [ast.Walk] for every node in the order of the file.
func (a *anchors) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.AnchorNode:
		a.named[n.Name.String()] = n.Value
	case *ast.AliasNode:
		a.targets[n] = a.named[n.Value.String()]
	}
	return a
}

// sorted returns the faults in the order of the file, each once.
func (r *reader) sorted() []spot {
	slices.SortStableFunc(r.faults, func(a, b spot) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	return slices.Compact(r.faults)
}

// read fills the plan from the syntax tree of its file, and returns every fault.
func (p *Plan) read(root ast.Node) []spot {
	r := newReader()
	v := reflect.ValueOf(p).Elem()
	if root == nil {
		r.readStruct(&ast.MappingNode{}, "", v)
		return r.sorted()
	}
	r.resolve(root)
	r.read(root, "", v)
	checker{reader: r, plan: p}.check()
	return r.sorted()
}
