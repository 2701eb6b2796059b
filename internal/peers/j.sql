-- Job J: order lines to ABC x XYZ of customers, repeat revenue by month and retention.
-- Statements end at a line of three dashes; $FILE is the path. The window is the 36
-- months from 2022-01, and money stays DECIMAL to the end: the answers are text.
CREATE OR REPLACE TEMP TABLE o AS
SELECT order_id, customer_id, order_date, revenue
FROM read_csv('$FILE', header = true, columns = {
	'order_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'order_date': 'DATE', 'product': 'VARCHAR',
	'quantity': 'INTEGER', 'revenue': 'DECIMAL(12,2)', 'cost': 'DECIMAL(12,2)', 'salesperson': 'VARCHAR'});
---
CREATE OR REPLACE TEMP TABLE cm AS
SELECT customer_id, (year(order_date) - 2022) * 12 + month(order_date) - 1 AS m, sum(revenue) AS rev
FROM o GROUP BY ALL;
---
CREATE OR REPLACE TEMP TABLE c AS
SELECT customer_id, sum(revenue) AS rev, count(DISTINCT order_id) AS n, min(order_date) AS f, max(order_date) AS l
FROM o GROUP BY customer_id;
---
-- The coefficient of variation, population sigma, months without a sale being 0.
CREATE OR REPLACE TEMP TABLE xyz AS
SELECT customer_id,
	sqrt(greatest(sum(rev::DOUBLE * rev::DOUBLE) / 36 - (sum(rev::DOUBLE) / 36) ** 2, 0)) / (sum(rev::DOUBLE) / 36) AS cv
FROM cm GROUP BY customer_id;
---
-- ABC by the cumulative share before the customer; ties by id, each for itself.
CREATE OR REPLACE TEMP TABLE res AS
SELECT c.*,
	CASE WHEN cum - c.rev < 0.80 * tot THEN 'A' WHEN cum - c.rev < 0.95 * tot THEN 'B' ELSE 'C' END AS abc,
	CASE WHEN cv <= 0.5 THEN 'X' WHEN cv <= 1.0 THEN 'Y' ELSE 'Z' END AS xyz
FROM (
	SELECT customer_id, sum(rev) OVER (ORDER BY rev DESC, customer_id ROWS UNBOUNDED PRECEDING) AS cum, sum(rev) OVER () AS tot
	FROM c
) w JOIN c USING (customer_id) JOIN xyz USING (customer_id);
---
SELECT 'abc', abc, xyz, count(*)::VARCHAR, sum(rev)::VARCHAR, sum(n)::VARCHAR FROM res GROUP BY ALL ORDER BY ALL;
---
-- A customer's first order, by date and then order id, against all later ones.
WITH fo AS (
	SELECT o.customer_id, min(order_id) AS oid
	FROM o JOIN c ON o.customer_id = c.customer_id AND o.order_date = c.f GROUP BY 1
)
SELECT 'month', ((year(o.order_date) - 2022) * 12 + month(o.order_date) - 1)::VARCHAR AS m,
	sum(o.revenue)::VARCHAR, coalesce(sum(o.revenue) FILTER (o.order_id <> fo.oid), 0)::VARCHAR
FROM o JOIN fo USING (customer_id) GROUP BY ALL;
---
WITH f AS (SELECT customer_id, min(m) AS c0 FROM cm GROUP BY 1)
SELECT 'cohort', c0::VARCHAR, (m - c0)::VARCHAR AS age, count(*)::VARCHAR
FROM cm JOIN f USING (customer_id) GROUP BY ALL;
---
SELECT 'total', (SELECT count(*) FROM o)::VARCHAR, count(*)::VARCHAR, sum(n)::VARCHAR, sum(rev)::VARCHAR FROM c;
