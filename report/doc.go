// Package report says what a study came to: as text at the end of a run, as JSON
// for programs, and as one HTML file for people.
//
//	result, err := s.Run(ctx)
//	if result != nil { // there is one also with most errors
//		err = errors.Join(err, report.Text(os.Stdout, result))
//	}
//
// [Text] is a block for a terminal: the best point, what its active limits cost,
// the certificate, why the run ended, and what to do next. [JSON] is one document
// with the same facts; what is not known is null in it. [HTML] is a page that
// needs nothing but itself: no network, no fonts, no libraries. It adds how the
// optimum was found, how good the surrogate is, and its response curves and
// contours. [Picture] is an overview as a PNG, for slides and front pages.
//
// # What is honest
//
// Predictions are compared with the truth only where the surrogate had not seen
// it: those of infill were made before its evaluation, and those of the design
// come from cross-validation. Where that would take too long the page shows the
// fit to the training samples and says so. Certificates are of measured partials,
// never of the surrogate's.
//
// # What is repeatable
//
// The same result gives the same text, document and page, byte for byte. No clock
// is read; [Options.Time] puts a date on the page.
package report
