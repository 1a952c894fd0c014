-- Lost customers by what they were invoiced, ever.
SELECT CASE WHEN amount_cny <= 0 THEN 0 WHEN amount_cny < 1000 THEN 1 WHEN amount_cny < 5000 THEN 2
            ELSE 3 END AS class,
       count(*) AS customers, CAST(sum(amount_cny) AS DOUBLE) AS amount,
       CAST(sum(cars_owned) AS BIGINT) AS cars
FROM mart_lost_customers GROUP BY class ORDER BY class
