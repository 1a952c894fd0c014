-- Cars that may soon be replaced by the outlet that saw their owner last; few are the empty code.
WITH counted AS (
    SELECT coalesce(c.last_outlet, '') AS outlet, count(*) AS cars,
           count(*) FILTER (WHERE r.by_age) AS by_age,
           count(*) FILTER (WHERE r.by_mileage) AS by_mileage,
           count(*) FILTER (WHERE r.by_rhythm) AS by_rhythm
    FROM mart_replacement_candidates r JOIN mart_customer_360 c USING (golden_id) GROUP BY outlet
)
SELECT CASE WHEN cars >= $least THEN outlet ELSE '' END AS outlet, CAST(sum(cars) AS BIGINT) AS cars,
       CAST(sum(by_age) AS BIGINT) AS by_age, CAST(sum(by_mileage) AS BIGINT) AS by_mileage,
       CAST(sum(by_rhythm) AS BIGINT) AS by_rhythm
FROM counted GROUP BY 1 ORDER BY cars DESC, outlet
