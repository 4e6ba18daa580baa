package study

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// keys returns the keys of a section and the fields they belong to.
func keys(t reflect.Type) (names []string, fields []reflect.StructField) {
	for _, f := range reflect.VisibleFields(t) {
		if tag, ok := f.Tag.Lookup("yaml"); ok {
			name, _, _ := strings.Cut(tag, ",")
			names, fields = append(names, name), append(fields, f)
		}
	}
	return names, fields
}

// required reports whether a field must be in the file.
func required(f reflect.StructField) bool {
	return slices.Contains(strings.Split(f.Tag.Get("jsonschema"), ","), "required")
}

// checkRange reports a number outside of the limits in the field's jsonschema tag.
func (r *reader) checkRange(path string, v reflect.Value, f reflect.StructField) {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if !r.clean(path) || !v.CanInt() && !v.CanFloat() {
		return
	}
	value := 0.0
	if v.CanInt() {
		value = float64(v.Int())
	} else {
		value = v.Float()
	}
	for tag := range strings.SplitSeq(f.Tag.Get("jsonschema"), ",") {
		key, text, _ := strings.Cut(tag, "=")
		limit, err := strconv.ParseFloat(text, 64)
		if err != nil {
			continue
		}
		demand := ""
		switch {
		case key == "minimum" && value < limit:
			demand = "at least"
		case key == "maximum" && value > limit:
			demand = "at most"
		case key == "exclusiveMinimum" && value <= limit:
			demand = "above"
		case key == "exclusiveMaximum" && value >= limit:
			demand = "below"
		}
		if demand != "" {
			r.fault(path, "%s must be %s %s, not %v", subject(path), demand, text, value)
			return
		}
	}
}
