// Package exports writes order lines in the shapes in which companies get them
// out of their systems: the text and Excel files of 1C, the CRMs and the shops,
// with everything in them that makes them hard to read.
//
// A [Format] writes a book of lines; [Formats] lists all. What a format does
// not hold, such as a cost in a CRM, is left out: Format.Held gives the lines
// that a perfect reader would get back, so that a test can compare.
//
// A [Sheet] is an Excel sheet as text: [ParseSheet] reads the notation in which
// tests write it down, [WriteBook] makes a package of it as 1C does.
//
// The headers are those of the systems, all values are invented.
package exports
