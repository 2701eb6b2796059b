package orders

// Role is what a column of an export means to the library.
type Role string

// The roles of columns. A table without a column for a date, or without one
// for money (revenue, or quantity and price), is not an export of orders.
const (
	RoleCustomer     Role = "customer"
	RoleCustomerName Role = "customer_name"
	RoleOrder        Role = "order"
	RoleBase         Role = "base"
	RoleDate         Role = "date"
	RoleRevenue      Role = "revenue"
	RoleQuantity     Role = "quantity"
	RolePrice        Role = "price"
	RoleCOGS         Role = "cogs"
	RoleProfit       Role = "profit" // cogs = revenue − profit
	RoleDirect       Role = "direct"
	RoleProduct      Role = "product"
	RoleProductName  Role = "product_name"
	RoleGroup        Role = "group"
	RoleSalesperson  Role = "salesperson"
	RoleChannel      Role = "channel"
	RoleOrganisation Role = "organisation"
	RoleCurrency     Role = "currency"
	RoleStatus       Role = "status"
	RoleType         Role = "type" // of the document: sale or return
	RoleSince        Role = "since"
	RoleLead         Role = "lead"
	RoleRepeatFlag   Role = "repeat_flag"
	RoleRefund       Role = "refund" // of an order as a whole, where its first line alone says that ([ShapeFirstLine])
)
