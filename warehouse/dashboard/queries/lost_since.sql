-- Lost customers by the quarter of their last contact; older ones than twenty quarters together.
WITH lost AS (
    SELECT CAST(date_trunc('quarter', last_contact_on) AS DATE) AS last_in FROM mart_lost_customers
), bound AS (
    SELECT CAST(max(last_in) - INTERVAL 54 MONTH AS DATE) AS first_in FROM lost
)
SELECT CASE WHEN last_in >= first_in THEN last_in END AS last_in, count(*) AS customers
FROM lost CROSS JOIN bound GROUP BY 1 ORDER BY 1 NULLS FIRST
