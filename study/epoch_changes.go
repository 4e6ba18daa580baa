package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// differences lists what differs between two plans written as JSON, a line each:
// "budget.evaluations: 100 -> 200".
func differences(before, after []byte) ([]string, error) {
	was, is := map[string]string{}, map[string]string{}
	if err := errors.Join(leavesOf(was, before), leavesOf(is, after)); err != nil {
		return nil, err
	}
	paths := map[string]bool{}
	for path := range was {
		paths[path] = true
	}
	for path := range is {
		paths[path] = true
	}
	var lines []string
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if was[path] != is[path] {
			lines = append(lines, fmt.Sprintf("%s: %s -> %s", path, orNothing(was[path]), orNothing(is[path])))
		}
	}
	return lines, nil
}

func leavesOf(leaves map[string]string, text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // numbers as they are written
	var value any
	if err := d.Decode(&value); err != nil {
		return err
	}
	flatten(leaves, "", value)
	return nil
}

func orNothing(s string) string {
	if s == "" {
		return "(not given)"
	}
	return s
}

// flatten writes the leaves of a JSON value by their paths. Elements of a list
// that have names are found by them, others by their position.
func flatten(leaves map[string]string, path string, value any) {
	join := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch v := value.(type) {
	case map[string]any:
		for name, part := range v {
			flatten(leaves, join(name), part)
		}
	case []any:
		for i, part := range v {
			name := fmt.Sprint(i + 1)
			if fields, ok := part.(map[string]any); ok {
				if given, ok := fields["name"].(string); ok {
					name = given
				}
			}
			flatten(leaves, join(name), part)
		}
	default:
		leaves[path] = fmt.Sprint(v)
	}
}
