-- In: the other tables of the export.
WITH told AS (
    SELECT unnest([sold_on, updated_on]) AS day FROM cut.fact_sale
    UNION ALL SELECT visited_on FROM cut.fact_service_visit
    UNION ALL SELECT unnest([owned_from, owned_to]) FROM cut.bridge_ownership
    UNION ALL SELECT unnest([first_seen_on, last_seen_on]) FROM cut.dim_customer
)
SELECT d.day, d.year, d.quarter, d.month, d.month_start, d.iso_week, d.weekday, d.is_weekend
FROM published.dim_date d
WHERE d.day BETWEEN (SELECT min(day) FROM told) AND (SELECT max(day) FROM told)
ORDER BY d.day
