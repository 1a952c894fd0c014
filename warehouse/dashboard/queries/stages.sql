-- Customers by the outlet that saw them last and by stage; an outlet with fewer than $least is the empty
-- code, as are those whom no outlet saw on a day.
SELECT CASE WHEN size >= $least THEN outlet_code ELSE '' END AS outlet, stage,
       CAST(sum(customers) AS BIGINT) AS customers, CAST(sum(cars_owned) AS BIGINT) AS cars,
       CAST(sum(amount_cny) AS DOUBLE) AS amount
FROM (SELECT *, sum(customers) OVER (PARTITION BY outlet_code) AS size FROM mart_lifecycle)
GROUP BY ALL ORDER BY ALL
