// Package deck drives programs that have no interface but files: it writes input
// decks from templates, and finds numbers in what the programs print.
//
// A template is the input file of the program with a placeholder for every number
// that varies:
//
//	MACH   0.78
//	ALPHA  {{alpha}}
//	SPAN   {{ span * 1000 %10.3f }}  in mm, in ten columns
//
// [Parse] reads one, and [Template.Render] fills it in. An [Anchor] says where a
// number stands in an output: by a text in front of it, or a line, and by a field or
// columns in that line. [Anchor.Find] returns it, or says precisely why it cannot.
package deck
