package study

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	reflected "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/sbo-go/sbo/doe"
	"github.com/sbo-go/sbo/polish"
	"github.com/sbo-go/sbo/problems"
	"github.com/sbo-go/sbo/study/internal/dakota"
	"github.com/sbo-go/sbo/surrogate"
)

// The schema in the binary is the one that the plan's types and comments give.
func TestSchemaIsCurrent(t *testing.T) {
	current := reflectSchema(t)
	if *update {
		require.NoError(t, os.WriteFile(SchemaFileName, current, 0o644))
		return
	}
	require.Equal(t, string(current), string(Schema()), "run go generate ./study")
}

// reflectSchema makes the schema from the plan.
func reflectSchema(t *testing.T) []byte {
	t.Helper()
	r := reflected.Reflector{
		Anonymous: true, ExpandedStruct: true, RequiredFromJSONSchemaTags: true, FieldNameTag: "yaml",
		Mapper: func(t reflect.Type) *reflected.Schema {
			switch t {
			case reflect.TypeFor[Duration]():
				return &reflected.Schema{Type: "string", Pattern: `^\+?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$`}
			case reflect.TypeFor[Scalar]():
				return &reflected.Schema{AnyOf: []*reflected.Schema{{Type: "number"}, {Type: "string"}}}
			case reflect.TypeFor[Layers]():
				one := uint64(1)
				list := &reflected.Schema{
					Type: "array", MinItems: &one,
					Items: &reflected.Schema{Type: "integer", Minimum: "1", Maximum: json.Number(strconv.Itoa(maxWidth))},
				}
				return &reflected.Schema{AnyOf: []*reflected.Schema{
					list, {Type: "object", AdditionalProperties: list, MinProperties: &one},
				}}
			case reflect.TypeFor[Factors]():
				one, number := uint64(1), &reflected.Schema{Type: "number", Minimum: "0"}
				return &reflected.Schema{AnyOf: []*reflected.Schema{
					number, {Type: "object", AdditionalProperties: number, MinProperties: &one},
				}}
			case reflect.TypeFor[Partials]():
				one := uint64(1)
				return &reflected.Schema{AnyOf: []*reflected.Schema{
					{Type: "boolean"},
					{Type: "array", Items: &reflected.Schema{Type: "string"}, MinItems: &one, UniqueItems: true},
				}}
			}
			return nil
		},
	}
	require.NoError(t, r.AddGoComments("github.com/sbo-go/sbo/study", "."))
	for name, comment := range r.CommentMap {
		r.CommentMap[name] = strings.Join(strings.Fields(comment), " ")
	}
	s := r.Reflect(&Plan{})
	s.ID = "https://github.com/sbo-go/sbo/study/" + SchemaFileName
	s.Title = "A study of sbo"
	s.Description = "What study.yaml says: the problem, who evaluates it, and how the optimum is searched."
	refine(s)
	text, err := json.MarshalIndent(s, "", "  ")
	require.NoError(t, err)
	return append(text, '\n')
}

// refine adds what tags cannot say: names to choose from, and which keys exclude
// each other.
func refine(s *reflected.Schema) {
	property := func(section, key string) *reflected.Schema { return s.Definitions[section].Properties.Value(key) }
	choose := func(section, key string, names ...string) {
		for _, n := range names {
			property(section, key).Enum = append(property(section, key).Enum, n)
		}
	}
	choose("VariablePlan", "type", string(Continuous))
	choose("EvaluatorPlan", "protocol", protocols()...)
	choose("EvaluatorPlan", "executor", executors()...)
	choose("DakotaPlan", "parameters_format", texts(dakota.Formats())...)
	choose("DesignPlan", "sampler", doe.Names()...)
	choose("SurrogatePlan", "kind", texts(polish.Models())...)
	choose("SurrogatePlan", "activation", texts(surrogate.Activations())...)
	choose("SurrogatePlan", "trainer", texts(surrogate.Trainers())...)
	choose("OptimizePlan", "method", texts(methods())...)
	choose("PolishPlan", "weighting", weightings()...)
	for _, n := range problems.Names() { // not an enum: rosenbrock10 is one, too
		property("EvaluatorPlan", "problem").Examples = append(property("EvaluatorPlan", "problem").Examples, n)
	}
	longest := uint64(maxName)
	for _, section := range []string{"VariablePlan", "ResponsePlan"} {
		property(section, "name").Pattern, property(section, "name").MaxLength = namePattern, &longest
	}
	s.Properties.Value("seed").Minimum = "0"
	property("EvaluatorPlan", "env").AdditionalProperties = &reflected.Schema{AnyOf: []*reflected.Schema{
		{Type: "string"}, {Type: "number"}, {Type: "boolean"},
	}}

	for _, section := range []string{"design", "surrogate", "optimize", "polish", "budget"} {
		p := s.Properties.Value(section) // may be empty, as when all its keys are comments
		p.AnyOf, p.Ref = []*reflected.Schema{{Ref: p.Ref}, {Type: "null"}}, ""
	}
	for _, d := range s.Definitions {
		d.Description = "" // is about the Go type; each key has its own
	}
	required := func(keys ...string) *reflected.Schema { return &reflected.Schema{Required: keys} }
	s.Definitions["EvaluatorPlan"].OneOf = []*reflected.Schema{required("command"), required("problem"), required("ask")}
	response := s.Definitions["ResponsePlan"]
	for _, pair := range [][]string{{"equals", "lower"}, {"equals", "upper"}} {
		response.AllOf = append(response.AllOf, &reflected.Schema{Not: required(pair...)})
	}
	truly := func(key string) *reflected.Schema {
		properties := reflected.NewProperties()
		properties.Set(key, &reflected.Schema{Const: true})
		return &reflected.Schema{Properties: properties, Required: []string{key}}
	}
	one, responses := uint64(1), s.Properties.Value("responses")
	responses.Contains = &reflected.Schema{AnyOf: []*reflected.Schema{truly("minimize"), truly("maximize")}}
	responses.MinContains, responses.MaxContains = &one, &one
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("schema.json", document))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	return schema
}

// instance reads YAML as editors do, by the core schema of YAML 1.2.
func instance(t *testing.T, source []byte) any {
	t.Helper()
	file, err := parser.ParseBytes(source, 0)
	require.NoError(t, err)
	var value func(n ast.Node) any
	value = func(n ast.Node) any {
		if pairs, ok := entries(n); ok {
			m := map[string]any{}
			for _, pair := range pairs {
				m[pair.Key.(*ast.StringNode).Value] = value(pair.Value)
			}
			return m
		}
		if list, ok := n.(*ast.SequenceNode); ok {
			values := []any{}
			for _, item := range list.Values {
				values = append(values, value(item))
			}
			return values
		}
		if text, ok := plain(n); ok && decimal.MatchString(text) {
			return json.Number(strings.TrimPrefix(text, "+"))
		}
		if scalar, ok := n.(ast.ScalarNode); ok {
			return scalar.GetValue()
		}
		require.FailNow(t, "unexpected node", "%T", n)
		return nil
	}
	return value(file.Docs[0].Body)
}

// Whatever LoadPlan takes, and whatever it writes, fits the schema.
func TestSchemaAcceptsGoodStudies(t *testing.T) {
	schema := compileSchema(t)
	files, err := filepath.Glob("testdata/good/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, schema.Validate(instance(t, source)))
			plan, err := LoadPlan(file)
			require.NoError(t, err)
			written, err := plan.YAML()
			require.NoError(t, err)
			require.NoError(t, schema.Validate(instance(t, written)), "%s", written)
			written, err = json.Marshal(plan)
			require.NoError(t, err)
			document, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
			require.NoError(t, err)
			require.NoError(t, schema.Validate(document), "%s", written)
		})
	}
}

// The schema refuses what it can know to be wrong; LoadPlan refuses it, too.
func TestSchemaRefusesBadStudies(t *testing.T) {
	const good = `{variables: [{name: x, lower: 0, upper: 1}], responses: [{name: f, minimize: true}, {name: g, upper: 1}], evaluator: {command: [sh]}}`
	schema := compileSchema(t)
	require.NoError(t, schema.Validate(instance(t, []byte(good))))
	for _, change := range [][2]string{
		{`variables: [{name: x, lower: 0, upper: 1}], `, ``},
		{`evaluator: {command: [sh]}`, `seed: 1`},
		{`evaluator: {command: [sh]}`, `evaluator: {}`},
		{`[sh]`, `[]`},
		{`[sh]`, `sh`},
		{`[sh]`, `[sh, 1]`},
		{`[sh]`, `[sh], problem: rosenbrock`},
		{`[sh]`, `[sh], protocol: smoke_signals`},
		{`[sh]`, `[sh], workers: 0`},
		{`[sh]`, `[sh], workers: 1.5`},
		{`[sh]`, `[sh], timeout: 10`},
		{`[sh]`, `[sh], timeout: 10 minutes`},
		{`[sh]`, `[sh], timeout: -10m`},
		{`[sh]`, `[sh], retries: -1`},
		{`[sh]`, `[sh], env: [A]`},
		{`[sh]`, `[sh], env: {A: [1]}`},
		{`{name: x, lower: 0, upper: 1}`, ``},
		{`name: x`, `name: 1`},
		{`name: x`, `name: a b`},
		{`name: x`, `name: ` + strings.Repeat("x", maxName+1)},
		{`name: x, `, ``},
		{`lower: 0, `, ``},
		{`lower: 0`, `lower: "0"`},
		{`lower: 0`, `lower: zero`},
		{`lower: 0`, `lower: 0, lowest: 0`},
		{`lower: 0`, `lower: 0, type: integer`},
		{`minimize: true`, `minimize: false`},
		{`minimize: true`, `minimize: yes`},
		{`upper: 1}]`, `maximize: true}]`},
		{`upper: 1}]`, `upper: 1, equals: 1}]`},
		{`upper: 1}]`, `partials: all}]`},
		{`upper: 1}]`, `partials: []}]`},
		{`upper: 1}]`, `partials: [x, x]}]`},
		{`{variables`, `{banana: 1, variables`},
		{`{variables`, `{seed: -1, variables`},
		{`{variables`, `{design: {sampler: lsh}, variables`},
		{`{variables`, `{design: {samples: 0}, variables`},
		{`{variables`, `{surrogate: {hidden: [0]}, variables`},
		{`{variables`, `{surrogate: {hidden: 3}, variables`},
		{`{variables`, `{surrogate: {hidden: {}}, variables`},
		{`{variables`, `{surrogate: {hidden: {f: 3}}, variables`},
		{`{variables`, `{surrogate: {hidden: {f: []}}, variables`},
		{`{variables`, `{surrogate: {activation: cosine}, variables`},
		{`{variables`, `{surrogate: {trainer: sgd}, variables`},
		{`{variables`, `{surrogate: {ensemble: 0}, variables`},
		{`{variables`, `{surrogate: {robust: 1}, variables`},
		{`{variables`, `{surrogate: {beta: {}}, variables`},
		{`{variables`, `{surrogate: {beta: [1]}, variables`},
		{`{variables`, `{surrogate: {gamma: {f: -1}}, variables`},
		{`{variables`, `{surrogate: {gamma: {f: much}}, variables`},
		{`{variables`, `{surrogate: {learning_rate: 0}, variables`},
		{`{variables`, `{surrogate: {validation: 1}, variables`},
		{`{variables`, `{surrogate: {lambda: -1}, variables`},
		{`{variables`, `{optimize: {method: newton}, variables`},
		{`{variables`, `{optimize: {starts: 0}, variables`},
		{`{variables`, `{polish: {weighting: flat}, variables`},
		{`{variables`, `{polish: {batch: 0}, variables`},
		{`{variables`, `{budget: {evaluations: 0}, variables`},
		{`{variables`, `{budget: {walltime: soon}, variables`},
		{`{variables`, `{budget: 100, variables`},
	} {
		t.Run(change[1], func(t *testing.T) {
			require.Contains(t, good, change[0])
			bad := []byte(strings.Replace(good, change[0], change[1], 1))
			require.Error(t, schema.Validate(instance(t, bad)), "%s", bad)
			_, err := parsePlan(bad, "study.yaml")
			require.Error(t, err, "%s", bad)
		})
	}
}

// Every key of a study file explains itself in the editor.
func TestSchemaDescribesEveryKey(t *testing.T) {
	var keys int
	walk := func(where string, s map[string]any) {
		for name, p := range s["properties"].(map[string]any) {
			keys++
			require.NotEmpty(t, p.(map[string]any)["description"], "%s.%s", where, name)
		}
	}
	var schema map[string]any
	require.NoError(t, json.Unmarshal(Schema(), &schema))
	walk("study", schema)
	for name, s := range schema["$defs"].(map[string]any) {
		if _, ok := s.(map[string]any)["properties"]; ok {
			walk(name, s.(map[string]any))
		}
	}
	require.Greater(t, keys, 40)
}
