package study

import (
	_ "embed" // for the schema
	"slices"
)

//go:generate go test -run TestSchemaIsCurrent -update

//go:embed study.schema.json
var schemaText []byte

// SchemaFileName is what the schema is called beside a study, as the first line
// of the studies that [Init] writes has it.
const SchemaFileName = "study.schema.json"

// Schema returns the JSON schema (draft 2020-12) of a study file, for completion
// and checking in editors. It is made from [Plan] and its comments. [LoadPlan]
// refuses whatever the schema refuses, and more.
func Schema() []byte { return slices.Clone(schemaText) }
