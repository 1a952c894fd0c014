-- Cars that somebody owns now.
SELECT CAST(coalesce(sum(cars_owned), 0) AS BIGINT) AS cars FROM mart_customer_360
