-- Some customers, with what hangs on a decision about each; outlets and provinces: those in scope.
WITH place AS (
    SELECT x.golden_id,
           list(DISTINCT x.outlet_code) FILTER (x.outlet_code <> ''
               AND ($seen IS NULL OR list_contains($seen, x.outlet_code))) AS outlets,
           count(DISTINCT nullif(x.outlet_code, '')) AS reach,
           list(DISTINCT o.province) FILTER (o.province IS NOT NULL
               AND ($seen IS NULL OR list_contains($seen, x.outlet_code))) AS provinces,
           bool_or($seen IS NULL OR list_contains($seen, x.outlet_code)) AS is_seen
    FROM customer_xref x LEFT JOIN dim_outlet o ON o.outlet_code = x.outlet_code
    WHERE x.golden_id IN (SELECT unnest($ids)) GROUP BY x.golden_id
)
SELECT golden_id, c.name, c.records, c.vehicles AS cars, coalesce(p.outlets, []), p.reach,
       coalesce(p.provinces, []),
       EXISTS (FROM mart_key_accounts k WHERE k.golden_id = c.golden_id) AS is_key_account,
       p.is_seen, u.day AS since, (SELECT max(day) FROM run) - u.day AS days
FROM dim_customer c JOIN place p USING (golden_id) LEFT JOIN run u ON u.run_id = c.since_run
WHERE c.golden_id IN (SELECT unnest($ids))
ORDER BY golden_id
