-- Cars that may soon be replaced by model, as most outlets write it; few are together without a name.
WITH counted AS (
    SELECT coalesce(model, '') AS model, count(*) AS cars FROM mart_replacement_candidates GROUP BY 1
)
SELECT CASE WHEN cars >= $least THEN model ELSE '' END AS model, CAST(sum(cars) AS BIGINT) AS cars
FROM counted GROUP BY 1 ORDER BY cars DESC, model
