// Package report writes results into one Excel workbook that explains itself,
// adds up to the kopeck, and can be recalculated.
//
//	err := report.WriteFile(ctx, "report.xlsx", report.Book{
//		Sales: sales, Customers: customers, Repeat: repeat, Profit: profit,
//	}, report.Options{Language: report.Russian})
//
// There is one noun, [Book]: a field for each result, nil for no sheet. There are
// three verbs: [Write] and [WriteFile] write all of it; [AddSheet] adds one of its
// sheets to a workbook that you have.
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
// zeros stay. What customers and products are called is never a formula, and is
// read from the file as it was; only control characters, which XML forbids, are
// shown as their pictures (U+2400…).
//
// # What is too large
//
// A list of more than [FormulaRows] items has values in place of formulas, a list
// of more rows than a sheet holds (1,048,576) is cut, and so is a text of more than
// 32,767 characters. The sheet, or the Summary, says so; totals are of all items.
// Rows are compressed while they are generated, by all processors and without
// temporary files: what Write holds is the results and the finished file.
//
// # What is the same
//
// The same book gives the same bytes. There is no clock in the file: the dates
// of the document are the report's.
package report
