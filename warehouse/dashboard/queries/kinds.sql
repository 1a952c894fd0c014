-- Customers by kind.
SELECT kind, count(*) AS customers FROM mart_customer_360 GROUP BY kind ORDER BY kind
