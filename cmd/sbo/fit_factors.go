package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sbo-go/sbo"
	"github.com/sbo-go/sbo/study"
	"github.com/sbo-go/sbo/surrogate"
)

// settle adds to the training what the flags say by the names of the columns.
func (o fitOptions) settle(t *surrogate.Options, c sbo.Columns) error {
	hidden, err := parseLayers(o.hidden, c)
	if err != nil {
		return err
	}
	lambda, err := parseFactors("lambda", o.lambda, c, false)
	if err != nil {
		return err
	}
	beta, err := parseFactors("beta", o.beta, c, false)
	if err != nil {
		return err
	}
	gamma, err := parseFactors("gamma", o.gamma, c, true)
	if err != nil {
		return err
	}
	if lambda != nil {
		t.Lambda = lambda.All
		if o.shared && len(lambda.By) > 0 {
			return usage("--lambda: a network that all responses share has one lambda; give a number, or leave out --shared")
		}
	}
	if t.Hidden = hidden.All; o.shared && len(hidden.By) > 0 {
		return usage("--hidden: a network that all responses share has the same layers for all; give widths without a name, or leave out --shared")
	}
	t.Responses = study.ResponseSettings(c.Outputs, c.Inputs, hidden, lambda, beta, gamma)
	if err := t.Validate(); err != nil {
		return usage("%s", plain(err.Error()))
	}
	return nil
}

// parseLayers reads the entries of --hidden, each widths for all or name=widths.
func parseLayers(entries []string, c sbo.Columns) (*study.Layers, error) {
	l := &study.Layers{By: map[string][]int{}}
	for _, entry := range entries {
		name, text, named := strings.Cut(entry, "=")
		if !named {
			name, text = "", entry
		}
		var widths []int
		for part := range strings.SplitSeq(text, ",") {
			w, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil {
				return nil, usage("--hidden: %q is not whole numbers, as 12,12", text)
			}
			widths = append(widths, w)
		}
		_, twice := l.By[name]
		switch {
		case !named && l.All == nil:
			l.All = widths
		case !named:
			return nil, usage("--hidden is given twice for all")
		case !slices.Contains(c.Outputs, name):
			return nil, noResponse("hidden", name, c)
		case twice:
			return nil, usage("--hidden names %s twice", name)
		default:
			l.By[name] = widths
		}
	}
	return l, nil
}

// parseFactors reads the entries of a flag, each a number for all or name=number; nil
// if there are none. The names are those of responses or, if partials have the
// setting too, of a response and a variable as in thrust/mach.
func parseFactors(flag string, entries []string, c sbo.Columns, partials bool) (*study.Factors, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	f := &study.Factors{By: map[string]float64{}}
	for _, entry := range entries {
		name, text, named := strings.Cut(entry, "=")
		if !named {
			name, text = "", entry
		}
		v, err := parseNumber(flag, text)
		switch {
		case err != nil:
			return nil, err
		case v < 0:
			return nil, usage("--%s %s: it must be at least 0", flag, entry)
		case !named:
			if f.All != nil {
				return nil, usage("--%s is given twice for all", flag)
			}
			f.All = &v
			continue
		}
		if err := checkFactor(flag, name, c, partials); err != nil {
			return nil, err
		}
		if _, twice := f.By[name]; twice {
			return nil, usage("--%s names %s twice", flag, name)
		}
		f.By[name] = v
	}
	return f, nil
}

// checkFactor reports a name that is not there.
func checkFactor(flag, name string, c sbo.Columns, partials bool) error {
	response, variable, ofPartial := strings.Cut(name, "/")
	switch {
	case !slices.Contains(c.Outputs, response):
		return noResponse(flag, response, c)
	case ofPartial && !partials:
		return usage("--%s %s: it is a setting of a response, not of its partials", flag, name)
	case ofPartial && !slices.Contains(c.Inputs, variable):
		return usage("--%s: there is no variable %q%s", flag, variable, didYouMean(variable, c.Inputs)).hint("the variables are %s", list(c.Inputs))
	}
	return nil
}

func noResponse(flag, name string, c sbo.Columns) error {
	return usage("--%s: there is no response %q%s", flag, name, didYouMean(name, c.Outputs)).hint("the responses are %s", list(c.Outputs))
}
