package study

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/sbo-go/sbo/study/internal/deck"
)

const templateSection = "evaluator.template"

// template checks what is said about the protocol template.
func (c checker) template() {
	e := c.plan.Evaluator
	switch {
	case e.Protocol != ProtocolTemplate && c.has(templateSection):
		c.faultAtKey(templateSection, "this is for the protocol template, which this evaluator does not speak; add `protocol: template`, or remove it")
		return
	case e.Protocol != ProtocolTemplate:
		return
	case !c.has(templateSection):
		c.fault("evaluator.protocol", "the protocol template needs to know the input files and where the responses stand; add `template: {inputs: [...], outputs: [...]}`")
		return
	}
	t := e.Template
	if t == nil || c.broken[templateSection] {
		return
	}
	c.delimiters(t)
	c.inputs(t)
	for i := range t.Outputs {
		c.output(fmt.Sprintf("%s.outputs[%d]", templateSection, i), t.Outputs[i])
	}
	c.everyResponse(t)
	for i, f := range t.Failures {
		path := fmt.Sprintf("%s.failures[%d]", templateSection, i)
		if c.clean(path) && (f.Text == "") == (f.Pattern == "") {
			c.fault(path, "write either the text that tells of a failure, or a pattern")
		}
		c.pattern(child(path, "pattern"), f.Pattern)
		c.localFile(child(path, "file"), f.File)
	}
	if c.has(templateSection + ".stdin") {
		c.standardInput(t)
	}
}

func (c checker) delimiters(t *TemplatePlan) {
	path := templateSection + ".delimiters"
	if !c.has(path) {
		return
	}
	if len(t.Delimiters) != 2 || t.Delimiters[0] == "" || t.Delimiters[1] == "" || strings.ContainsAny(t.Delimiters[0]+t.Delimiters[1], "\n%") {
		c.fault(path, "delimiters are two texts without %% and ends of lines, as [\"{{\", \"}}\"]")
		t.Delimiters = nil // so that the templates are not read by them
	}
}

// inputs checks the templates, and that every variable has a place in one.
func (c checker) inputs(t *TemplatePlan) {
	variables, known := c.variableNames()
	used := map[string]bool{}
	places := func(path, where, text string) {
		tmpl, faults := deck.Parse(text, t.delimiters())
		for _, f := range faults {
			c.fault(path, "%s:%v", where, f)
		}
		for _, p := range tmpl.Places() {
			used[p.Name] = true
			if known && !slices.Contains(variables, p.Name) {
				c.fault(path, "%s:%d:%d: there is no variable %q%s", where, p.Line, p.Column, clip(p.Name), suggestion(p.Name, variables))
			}
		}
	}
	for i, argument := range c.plan.Evaluator.Command {
		if i > 0 {
			places(fmt.Sprintf("evaluator.command[%d]", i), "this argument", argument)
		}
	}
	files := map[string]bool{}
	for i, in := range t.Inputs {
		path := fmt.Sprintf("%s.inputs[%d]", templateSection, i)
		if !c.clean(path) {
			continue
		}
		c.localFile(child(path, "file"), in.File)
		if clean := filepath.Clean(in.File); files[clean] {
			c.fault(child(path, "file"), "there are two inputs of this name; keep one")
		} else {
			files[clean] = true
		}
		at := child(path, "template")
		switch {
		case c.has(at) == c.has(child(path, "text")):
			c.fault(path, "write either the file with the template of this input, or its text")
			continue
		case !c.has(at):
			at = child(path, "text")
		}
		text, err := in.read(c.plan.dir)
		if err != nil {
			c.fault(at, "the template cannot be read: %s", strings.TrimPrefix(err.Error(), "study: "))
			continue
		}
		places(at, in.name(), text)
	}
	if !c.clean(templateSection) || !c.clean("evaluator.command") || !known {
		return
	}
	d := t.delimiters()
	for i, name := range variables {
		if !used[name] {
			c.fault(fmt.Sprintf("variables[%d].name", i), "%q has no place in an input or an argument of the command, so the program would never see it; write %s%s%s where it belongs", name, d.Open, name, d.Close)
		}
	}
}

// localFile checks a file in the folder in which the command runs, or below it.
func (c checker) localFile(path, name string) {
	if !c.has(path) || !c.clean(path) {
		return
	}
	if !filepath.IsLocal(name) || filepath.Clean(name) == "." || strings.ContainsAny(name, "\x00\n") {
		c.fault(path, "%q is no file in the folder in which the command runs; write its path from there", clip(name))
	}
}

func (c checker) pattern(path, text string) *regexp.Regexp {
	if !c.has(path) || !c.clean(path) {
		return nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		c.fault(path, "this is no regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return re
}

// output checks where a number is to be found.
func (c checker) output(path string, o OutputPlan) {
	if !c.clean(path) {
		return
	}
	at := func(key string) string { return child(path, key) }
	has := func(key string) bool { return c.has(at(key)) }
	c.localFile(at("file"), o.File)
	numbers := max(len(o.By), 1)
	if has("by") {
		c.partials(at("by"), o.By)
	}
	re := c.pattern(at("pattern"), o.Pattern)
	groups := 0
	if re != nil {
		groups = re.NumSubexp()
	}
	switch {
	case has("after") && has("pattern"):
		c.faultAtKey(at("pattern"), "the number is behind a text or a pattern; keep one of the two")
	case has("after") && (o.After == "" || strings.Contains(o.After, "\n")), has("pattern") && o.Pattern == "":
		c.fault(path, "the text in front of the number must be a part of one line")
	case !has("after") && !has("pattern") && o.Line == 0:
		c.fault(path, "where is the number? say what stands before it (after, pattern), or in which line it is")
	case !has("after") && !has("pattern") && has("occurrence"):
		c.faultAtKey(at("occurrence"), "an occurrence is one of a text or pattern, and there is none; add `after`, or remove it")
	case groups > 0 && groups != numbers:
		c.fault(at("pattern"), "the pattern has %d groups, for %d numbers; give each number a group, and others (?:...)", groups, numbers)
	case groups > 0 && (has("line") || has("field") || has("columns") || has("separator")):
		c.fault(path, "the groups of the pattern are the numbers already; remove line, field, columns and separator")
	case has("columns") && (has("field") || has("separator")):
		c.faultAtKey(at("columns"), "the number is in a field or in columns; keep one of the two")
	case has("columns") && numbers > 1:
		c.faultAtKey(at("columns"), "the columns are those of one number, and there are %d partials; use fields, or an output for each", numbers)
	case has("columns") && c.clean(at("columns")) && (len(o.Columns) != 2 || o.Columns[0] < 1 || o.Columns[0] > o.Columns[1]):
		c.fault(at("columns"), "columns are the first and the last, from 1, as [11, 20]")
	case has("separator") && o.Separator == "":
		c.fault(at("separator"), "the separator is empty; leave it out for blanks")
	}
	if o.Scale != nil && *o.Scale == 0 {
		c.fault(at("scale"), "with a scale of 0, every number is 0; leave it out for 1")
	}
}

// everyResponse checks that each number that the study counts on is to be found in
// one place, and none in two.
func (c checker) everyResponse(t *TemplatePlan) {
	var names []string
	for i, r := range c.plan.Responses {
		if !c.clean(fmt.Sprintf("responses[%d].name", i)) {
			return
		}
		names = append(names, r.Name)
	}
	found := map[[2]string]bool{} // response and variable; no variable for the value
	for i, o := range t.Outputs {
		path := fmt.Sprintf("%s.outputs[%d]", templateSection, i)
		if !c.clean(path) {
			continue
		}
		if at := child(path, "response"); !slices.Contains(names, o.Response) && c.clean(at) {
			c.fault(at, "there is no response %q%s", clip(o.Response), suggestion(o.Response, names))
		}
		by := o.By
		if len(by) == 0 {
			by = []string{""}
		}
		for _, variable := range by {
			if key := [2]string{o.Response, variable}; found[key] {
				c.fault(path, "this is found in an output before already; keep one")
			} else {
				found[key] = true
			}
		}
	}
	if !c.clean(templateSection) {
		return
	}
	for i, r := range c.plan.Responses {
		path := fmt.Sprintf("responses[%d]", i)
		if !found[[2]string{r.Name, ""}] {
			c.fault(child(path, "name"), "no output says where the value of %q stands; add one, as in `{response: %s, after: \"%s =\"}`", r.Name, r.Name, r.Name)
		}
		for _, v := range c.plan.Variables {
			if r.Partials != nil && r.Partials.By(v.Name) && !found[[2]string{r.Name, v.Name}] && c.clean(child(path, "partials")) {
				c.fault(child(path, "partials"), "no output says where the partial of %q by %q stands; add one, as in `{response: %s, by: [%s], after: ...}`, or declare fewer partials", r.Name, v.Name, r.Name, v.Name)
			}
		}
	}
}

// standardInput checks that the file is one that is there.
func (c checker) standardInput(t *TemplatePlan) {
	path := templateSection + ".stdin"
	c.localFile(path, t.Stdin)
	if !c.clean(path) || slices.ContainsFunc(t.Inputs, func(in InputPlan) bool { return filepath.Clean(in.File) == filepath.Clean(t.Stdin) }) {
		return
	}
	top, _, _ := strings.Cut(filepath.ToSlash(filepath.Clean(t.Stdin)), "/")
	for _, pattern := range slices.Concat(c.plan.Evaluator.LinkFiles, c.plan.Evaluator.CopyFiles) {
		files, err := matching(c.plan.dir, pattern)
		if err == nil && slices.ContainsFunc(files, func(f string) bool { return filepath.Base(f) == top }) {
			return
		}
	}
	c.fault(path, "%q is no input, and none of link_files and copy_files; the program would find nothing to read", clip(t.Stdin))
}
