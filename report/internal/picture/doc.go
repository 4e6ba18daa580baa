// Package picture draws the pictures of a report: one file per kind of picture,
// and one style for all.
//
// Pictures are made with gonum/plot and come as inline SVG, whose colors are CSS
// classes so that a page can be light or dark, or as PNG. A picture takes plain
// numbers and knows nothing of studies. All lengths are CSS pixels.
package picture
