-- Key accounts by the outlet that knows them best; few are the empty code.
WITH counted AS (
    SELECT coalesce(main_outlet, '') AS outlet, count(*) AS accounts, sum(cars_owned) AS cars
    FROM mart_key_accounts GROUP BY 1
)
SELECT CASE WHEN accounts >= $least THEN outlet ELSE '' END AS outlet,
       CAST(sum(accounts) AS BIGINT) AS accounts, CAST(sum(cars) AS BIGINT) AS cars
FROM counted GROUP BY 1 ORDER BY accounts DESC, outlet
