-- What the customers of each value decile were invoiced.
SELECT value_decile, count(*) AS customers, CAST(sum(amount_cny) AS DOUBLE) AS amount,
       any_value(decile_share) AS share
FROM mart_segments GROUP BY value_decile ORDER BY value_decile
