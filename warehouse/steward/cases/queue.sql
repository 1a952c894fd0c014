-- Pairs of customers in doubt, the most valuable decision first; both customers are in scope.
-- outlets, provinces: those in scope; reach: all outlets.
-- worth: how unsure the merge is (1 at even odds, towards 0), times what hangs on it: the records,
-- cars and outlets of both, three times as much of a key account. What a rule or a contradiction
-- held back was not held back by its weight, so that no weight makes it surer than a quarter.
WITH concerned AS (
    SELECT golden_id_a AS golden_id FROM review_pair UNION SELECT golden_id_b FROM review_pair
), place AS (
    SELECT golden_id, list(DISTINCT x.outlet_code) FILTER (x.outlet_code <> '') AS outlets,
           list(DISTINCT o.province) FILTER (o.province IS NOT NULL
               AND ($seen IS NULL OR list_contains($seen, x.outlet_code))) AS provinces,
           bool_or($seen IS NULL OR list_contains($seen, x.outlet_code)) AS is_seen
    FROM customer_xref x SEMI JOIN concerned USING (golden_id)
    LEFT JOIN dim_outlet o ON o.outlet_code = x.outlet_code
    GROUP BY golden_id
), side AS (
    SELECT golden_id, c.name, c.kind, c.records, c.vehicles, c.since_run,
           coalesce(p.outlets, []) AS outlets, coalesce(p.provinces, []) AS provinces,
           EXISTS (FROM mart_key_accounts k WHERE k.golden_id = c.golden_id) AS is_key_account
    FROM dim_customer c JOIN place p USING (golden_id) WHERE p.is_seen
), pair AS (
    SELECT r.golden_id_a, r.golden_id_b, r.record_a, r.record_b, r.reason, r.match_weight,
           md5(r.reason || CAST(r.evidence AS VARCHAR)) AS pattern,
           a.name AS name_a, b.name AS name_b, a.kind AS kind_a, b.kind AS kind_b,
           a.records + b.records AS records, a.vehicles + b.vehicles AS cars,
           list_sort(list_distinct(a.outlets || b.outlets)) AS outlets,
           len(list_distinct(a.outlets || b.outlets)) AS reach,
           list_sort(list_distinct(a.provinces || b.provinces)) AS provinces,
           a.is_key_account OR b.is_key_account AS is_key_account,
           greatest(a.since_run, b.since_run) AS since_run,
           1 / (1 + pow(2, -r.match_weight)) AS odds
    FROM review_pair r JOIN side a ON a.golden_id = r.golden_id_a
    JOIN side b ON b.golden_id = r.golden_id_b
)
SELECT p.* EXCLUDE (odds, since_run) REPLACE (
           list_filter(outlets, lambda one: $seen IS NULL OR list_contains($seen, one)) AS outlets),
       u.day AS since,
       (SELECT max(day) FROM run) - u.day AS days,
       greatest(4 * odds * (1 - odds), CASE WHEN reason = 'grey_zone' THEN 0 ELSE 0.25 END)
           * (records + cars + reach) * CASE WHEN is_key_account THEN 3 ELSE 1 END AS worth
FROM pair p LEFT JOIN run u ON u.run_id = p.since_run
ORDER BY worth DESC, golden_id_a, golden_id_b
