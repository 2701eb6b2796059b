package orders

// Shape says how the rows of a table make order lines.
type Shape string

// The shapes of exports.
const (
	// ShapeLines: a row is an order line and says everything itself.
	ShapeLines Shape = "lines"
	// ShapeHeaders: a row is a whole order, of which no lines are known.
	ShapeHeaders Shape = "headers"
	// ShapeFirstLine (Shopify, Odoo): a row is an order line, but what belongs
	// to the order as a whole (its totals, often its date and customer too)
	// stands on the order's first row only.
	ShapeFirstLine Shape = "header_on_first_line"
	// ShapeRepeated (Bitrix24 with products): a row is an order line, and what
	// belongs to the order is repeated on each of them.
	ShapeRepeated Shape = "header_repeated"
	// ShapeGrouped (reports of 1C): one column holds groups and, below each and
	// indented, what they consist of. Only the innermost rows are lines.
	ShapeGrouped Shape = "grouped"
	// ShapeWide (reports of 1C by month): each period has columns of its own. A
	// row is a line for every period in which it has an amount; rows may be grouped too.
	ShapeWide Shape = "wide"
)
