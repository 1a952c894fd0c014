-- The pairs on which weights alone decide, by the numbers of their two records: links, and what waits
-- between the thresholds. is_new: of the last run.
WITH record AS (
    SELECT record_key, since_run, row_number() OVER () - 1 AS record_no FROM customer_xref
), pair AS (
    SELECT record_a, record_b, match_weight, true AS is_link FROM customer_link
    UNION ALL
    SELECT record_a, record_b, match_weight, false FROM review_pair WHERE reason = 'grey_zone'
)
SELECT a.record_no AS a, b.record_no AS b, p.match_weight, p.is_link,
       greatest(a.since_run, b.since_run) = (SELECT max(run_id) FROM run) AS is_new
FROM pair p JOIN record a ON a.record_key = p.record_a JOIN record b ON b.record_key = p.record_b
