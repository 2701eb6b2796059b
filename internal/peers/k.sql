-- Query K: order lines to sums per customer and month, in one statement; $FILE is the path.
SELECT 'groups', count(*)::VARCHAR, sum(r)::VARCHAR
FROM (
	SELECT customer_id, (year(order_date) - 2022) * 12 + month(order_date) - 1 AS m, sum(revenue) AS r, count(*) AS n
	FROM read_csv('$FILE', header = true, columns = {
		'order_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'order_date': 'DATE', 'product': 'VARCHAR',
		'quantity': 'INTEGER', 'revenue': 'DECIMAL(12,2)', 'cost': 'DECIMAL(12,2)', 'salesperson': 'VARCHAR'})
	GROUP BY ALL
);
