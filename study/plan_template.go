package study

// TemplatePlan says how a program is driven that has no interface but files: what
// its input files are made from, and where in its output the responses stand.
type TemplatePlan struct {
	// The input files, each with its template.
	Inputs []InputPlan `yaml:"inputs,omitempty" json:"inputs,omitempty" jsonschema:"minItems=1"`
	// Where the responses and their partials stand in what the program writes.
	Outputs []OutputPlan `yaml:"outputs,omitempty" json:"outputs,omitempty" jsonschema:"minItems=1,required"`
	// Texts that tell that a run failed which ended as if nothing were wrong.
	Failures []FailurePlan `yaml:"failures,omitempty" json:"failures,omitempty" jsonschema:"minItems=1"`
	// The file that the program reads on its standard input. Default: nothing.
	Stdin string `yaml:"stdin,omitempty" json:"stdin,omitempty"`
	// The exit codes of a run that went well. Default [0].
	ExitCodes []int `yaml:"exit_codes,omitempty" json:"exit_codes,omitempty" jsonschema:"minItems=1"`
	// The two texts that placeholders stand between. Default ["{{", "}}"].
	Delimiters []string `yaml:"delimiters,omitempty" json:"delimiters,omitempty" jsonschema:"minItems=2,maxItems=2"`
}

// InputPlan is an input file of a program.
type InputPlan struct {
	// The name of the file, in the folder in which the command runs; it may be in folders below.
	File string `yaml:"file" json:"file" jsonschema:"required"`
	// The file with the template, relative to the folder of the study.
	Template string `yaml:"template,omitempty" json:"template,omitempty"`
	// The template itself, instead of a file. A placeholder is {{name}}, with operations and a format if need be: {{ name * 1000 %10.3f }}.
	Text string `yaml:"text,omitempty" json:"text,omitempty"`
}

// OutputPlan says where a response or some of its partials stand in an output of
// a program.
type OutputPlan struct {
	// The response that the number is, or whose partials the numbers are.
	Response string `yaml:"response" json:"response" jsonschema:"required"`
	// The variables by which the numbers are the partials, in the order in which they stand side by side. Default: the number is the value.
	By []string `yaml:"by,omitempty" json:"by,omitempty" jsonschema:"minItems=1"`
	// The file with the number, in the folder in which the command runs. Default: what the program prints on its standard output.
	File string `yaml:"file,omitempty" json:"file,omitempty"`
	// A text in front of the number, or in a line above or below it.
	After string `yaml:"after,omitempty" json:"after,omitempty"`
	// A regular expression (RE2) instead of a text. Its groups, if it has some, are the numbers.
	Pattern string `yaml:"pattern,omitempty" json:"pattern,omitempty"`
	// Which one is meant if the text or pattern is there more than once: 1 for the first, -1 for the last. Default: there may be only one.
	Occurrence int `yaml:"occurrence,omitempty" json:"occurrence,omitempty"`
	// How many lines below the text or pattern the number stands, -1 for the line above. Without them, the number of the line from 1, or -1 for the last.
	Line int `yaml:"line,omitempty" json:"line,omitempty"`
	// Which field of the line the number is, from 1, or -1 for the last; behind a text or pattern in the same line, the fields behind it. Default 1.
	Field int `yaml:"field,omitempty" json:"field,omitempty"`
	// The first and the last column of the number, from 1, instead of a field.
	Columns []int `yaml:"columns,omitempty" json:"columns,omitempty" jsonschema:"minItems=2,maxItems=2"`
	// What separates the fields, as a comma. Default: blanks.
	Separator string `yaml:"separator,omitempty" json:"separator,omitempty"`
	// What the number is multiplied with, to change its unit. Default 1.
	Scale *float64 `yaml:"scale,omitempty" json:"scale,omitempty"`
}

// FailurePlan is a text that tells of a failure.
type FailurePlan struct {
	// The file with the text, in the folder in which the command runs. Default: what the program prints, on standard output and standard error.
	File string `yaml:"file,omitempty" json:"file,omitempty"`
	// The text, or a regular expression (RE2) with pattern.
	Text string `yaml:"text,omitempty" json:"text,omitempty"`
	// A regular expression (RE2).
	Pattern string `yaml:"pattern,omitempty" json:"pattern,omitempty"`
}
