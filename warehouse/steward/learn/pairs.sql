-- The pairs on which weights alone decide, by their two records: links, and what waits between the
-- thresholds. is_new: of the last run.
WITH pair AS (
    SELECT record_a, record_b, match_weight, true AS is_link FROM customer_link
    UNION ALL
    SELECT least(record_a, record_b), greatest(record_a, record_b), match_weight, false
    FROM review_pair WHERE reason = 'grey_zone'
)
SELECT p.record_a, p.record_b, p.match_weight, p.is_link,
       greatest(a.since_run, b.since_run) = (SELECT max(run_id) FROM run) AS is_new
FROM pair p JOIN customer_xref a ON a.record_key = p.record_a
JOIN customer_xref b ON b.record_key = p.record_b
