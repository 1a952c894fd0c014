-- Key accounts by their number of cars.
SELECT CASE WHEN cars_owned <= 4 THEN 0 WHEN cars_owned <= 9 THEN 1 WHEN cars_owned <= 19 THEN 2
            ELSE 3 END AS class,
       count(*) AS accounts, CAST(sum(cars_owned) AS BIGINT) AS cars,
       CAST(sum(visits_12_months) AS BIGINT) AS visits, CAST(sum(amount_12_months_cny) AS DOUBLE) AS amount
FROM mart_key_accounts GROUP BY class ORDER BY class
