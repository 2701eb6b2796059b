//go:build xlsxwriter

// The core list as package report writes it: the same cells, number formats,
// fonts, borders, widths, frozen panes and filter.

#include <stdio.h>
#include <xlsxwriter.h>

static lxw_format *format(lxw_workbook *book, const char *number, int align, int indent) {
	lxw_format *f = workbook_add_format(book);
	format_set_font_name(f, "Calibri");
	format_set_font_size(f, 10);
	format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
	format_set_border(f, LXW_BORDER_THIN);
	format_set_border_color(f, 0xBFBFBF);
	if (number)
		format_set_num_format(f, number);
	if (align)
		format_set_align(f, align);
	if (indent)
		format_set_indent(f, indent);
	return f;
}

const char *write_list(const char *path, int rows, int constant) {
	static const char *heads[] = {"No.", "Id", "Customer", "Salesperson", "Class", "Revenue", "Purchases", "Last purchase",
		"Days since", "Median gap, days", "Whose", "Variation of gaps", "Next purchase expected"};
	static const double widths[] = {7, 15, 38, 20, 10, 17, 10, 12, 9, 12, 11, 11, 13};
	static const char *classes[] = {"AX", "AY", "AZ"};
	lxw_workbook_options options = {.constant_memory = constant};
	lxw_workbook *book = workbook_new_opt(path, &options);
	lxw_worksheet *sheet = workbook_add_worksheet(book, "Core list");
	lxw_format *text = format(book, NULL, LXW_ALIGN_LEFT, 1);
	lxw_format *centre = format(book, NULL, LXW_ALIGN_CENTER, 0);
	lxw_format *rank = format(book, "#,##0;[Red]-#,##0", LXW_ALIGN_CENTER, 0);
	lxw_format *whole = format(book, "#,##0;[Red]-#,##0", 0, 0);
	lxw_format *money = format(book, "#,##0.00;[Red]-#,##0.00", 0, 0);
	lxw_format *days = format(book, "#,##0.0", 0, 0);
	lxw_format *percent = format(book, "0.0%;[Red]-0.0%", 0, 0);
	lxw_format *date = format(book, "yyyy-mm-dd", LXW_ALIGN_CENTER, 0);
	char s[64];

	for (int i = 0; i < 13; i++) {
		worksheet_set_column(sheet, i, i, widths[i], NULL);
		worksheet_write_string(sheet, 0, i, heads[i], centre);
	}
	worksheet_freeze_panes(sheet, 1, 3);
	worksheet_autofilter(sheet, 0, 0, rows, 12);
	for (int i = 0; i < rows; i++) {
		int row = i + 1, last = 44562 + i % 700;
		worksheet_write_number(sheet, row, 0, i + 1, rank);
		snprintf(s, sizeof s, "C%07d", i);
		worksheet_write_string(sheet, row, 1, s, text);
		snprintf(s, sizeof s, "Customer %d & Co", i);
		worksheet_write_string(sheet, row, 2, s, text);
		snprintf(s, sizeof s, "Salesperson %d", i % 50);
		worksheet_write_string(sheet, row, 3, s, text);
		worksheet_write_string(sheet, row, 4, classes[i % 3], centre);
		worksheet_write_number(sheet, row, 5, (i * 7919LL % 10000019) / 100.0, money);
		worksheet_write_number(sheet, row, 6, 3 + i % 31, whole);
		worksheet_write_number(sheet, row, 7, last, date);
		worksheet_write_number(sheet, row, 8, 700 - i % 700, whole);
		worksheet_write_number(sheet, row, 9, i % 120 / 2.0 + 0.5, days);
		worksheet_write_string(sheet, row, 10, i % 4 ? "own" : "company", centre);
		worksheet_write_number(sheet, row, 11, i % 64 / 64.0, percent);
		worksheet_write_number(sheet, row, 12, last + 30, date);
	}
	lxw_error error = workbook_close(book);
	return error ? lxw_strerror(error) : NULL;
}
