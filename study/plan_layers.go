package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Layers are the widths of the hidden layers of the surrogate's networks. In a file
// it is a list for all responses, or a mapping from some of them to theirs.
type Layers struct {
	All []int            // of the responses that are not named; nil: chosen from the data
	By  map[string][]int // by the name of a response
}

// MarshalJSON writes the list or the mapping.
func (l Layers) MarshalJSON() ([]byte, error) { return json.Marshal(l.value()) }

// MarshalYAML writes the list or the mapping.
func (l Layers) MarshalYAML() (any, error) { return l.value(), nil }

func (l Layers) value() any {
	if l.All != nil {
		return l.All
	}
	return l.By
}

// UnmarshalJSON reads a list or a mapping.
func (l *Layers) UnmarshalJSON(text []byte) error {
	*l = Layers{}
	if json.Unmarshal(text, &l.All) == nil || json.Unmarshal(text, &l.By) == nil {
		return nil
	}
	return errors.New("study: hidden is a list of widths, or a mapping of responses to lists")
}

// readLayers reads a list, or a mapping of names to lists.
func (r *reader) readLayers(n ast.Node, path string, v reflect.Value) {
	pairs, ok := entries(n)
	if !ok {
		r.readList(n, path, v.FieldByName("All"))
		return
	}
	if len(pairs) == 0 {
		r.fault(path, "%s is an empty mapping; write at least one entry%s", subject(path), orRemove(path))
	}
	by := map[string][]int{}
	r.each(pairs, path, func(key string, at *token.Position, value ast.Node) {
		p, widths := child(path, key), []int(nil)
		r.items[p] = at
		r.read(value, p, reflect.ValueOf(&widths))
		by[key] = widths
	})
	v.FieldByName("By").Set(reflect.ValueOf(by))
}

// layers checks the widths, and that what they name is there.
func (c checker) layers() {
	l := c.plan.Surrogate.Hidden
	if l == nil {
		return
	}
	path := "surrogate.hidden"
	c.widths(path, l.All)
	responses, known := c.responseNames()
	for name, widths := range l.By {
		p := child(path, name)
		if known && c.clean(p) && !slices.Contains(responses, name) {
			c.faultAtKey(p, "there is no response %q%s", clip(name), suggestion(name, responses))
		}
		c.widths(p, widths)
	}
	if c.plan.Surrogate.Shared && len(l.By) > 0 && c.clean(path) {
		c.fault(path, "a network that all responses share has the same layers for all; write a list, or remove shared")
	}
}

func (c checker) widths(path string, widths []int) {
	for i, width := range widths {
		if p := fmt.Sprintf("%s[%d]", path, i); c.clean(p) && (width < 1 || width > maxWidth) {
			c.fault(p, "a hidden layer has between 1 and %d neurons, not %d", maxWidth, width)
		}
	}
}
