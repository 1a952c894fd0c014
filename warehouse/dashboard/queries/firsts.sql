-- Customers by the quarter of their first contact, the last twenty quarters.
SELECT CAST(date_trunc('quarter', first_contact_on) AS DATE) AS first_in, count(*) AS customers
FROM mart_customer_360
WHERE first_contact_on > (SELECT date_trunc('quarter', day) - INTERVAL 57 MONTH - INTERVAL 1 DAY FROM meta.version)
GROUP BY first_in ORDER BY first_in
