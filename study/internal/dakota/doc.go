// Package dakota writes and reads the two files through which Dakota's fork and
// system interfaces speak with a simulation: the parameters file, which the driver
// is given, and the results file, which it leaves behind.
//
//	driver PARAMETERS RESULTS
//
// What is written is what Dakota 6.21 writes, to the column: its own parsers of
// parameters files, and those that people wrote after looking at some, count
// blanks. What is read may be less tidy: numbers with Fortran's exponents, Windows
// line ends, brackets that touch their numbers, gradients that nobody asked for. But
// nothing is guessed where a guess could be wrong: too few or too many values, a
// gradient of another length, brackets that stay open, and labels that say that the
// responses are in another order are errors. Dakota itself ignores such labels
// unless told otherwise, and takes the numbers for those of other responses.
//
// The formats are those of the sections "Parameters file format" and "Results file
// format" in the user's manual of Dakota, version 6.21 (Sandia National
// Laboratories, 2024).
package dakota
