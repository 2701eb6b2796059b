// Package report writes results into one Excel workbook that explains itself,
// adds up to the kopeck, and can be recalculated.
//
//	err := report.WriteFile(ctx, "report.xlsx", report.Book{
//		Sales: sales, Customers: customers, Repeat: repeat, Profit: profit,
//	}, report.Options{Language: report.Russian})
//
// There are two verbs, [Write] and [WriteFile], and one noun, [Book]: a field
// for each result, nil for no sheet.
//
// # What is in a cell
//
// Totals, shares, classes, margins and paybacks are formulas over the sheet's
// own figures and over the named cells of the sheet of parameters. Each carries
// the value that the library computed, exactly, so that phones, previews and
// importers show figures too; recalculating the workbook changes none. What
// a formula cannot give (distinct customers, medians, scores) is a value.
//
// Blank is what was not observed or not given; «н/д» (n/a) is what is not
// defined, with the reason beside it; neither is 0. Ids are text, so leading
// zeros stay. What customers and products are called is never a formula.
//
// # What is the same
//
// The same book gives the same bytes. There is no clock in the file: the dates
// of the document are the report's.
package report
