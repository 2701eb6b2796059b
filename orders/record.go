package orders

// record is one order line on its way into a History. Its text is trimmed and
// borrowed until builder.add returns.
type record struct {
	organisation, customer, customerName []byte
	order, base                          []byte
	product, productName, group          []byte
	salesperson, channel, repeatFlag     []byte
	date, since, lead                    Date
	quantity, revenue, direct            Amount
	cogs                                 NullAmount
	raw                                  []byte // of the row in its file; nil: the record is all there is; empty: not known
	cancelled                            bool
	anonymous                            bool // the customer was found to be nobody in particular before
}
