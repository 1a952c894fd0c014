-- What became of a golden id, and of those that were merged into it, the newest first.
WITH ids AS (
    SELECT golden_id FROM golden_id_redirect WHERE redirect_to = $golden_id
), event AS (
    FROM golden_id_event WHERE golden_id = $golden_id
    UNION FROM golden_id_event WHERE other_id = $golden_id
    UNION FROM golden_id_event WHERE golden_id IN (FROM ids)
)
SELECT e.sequence, e.run_id, r.finished_at, e.kind, e.golden_id, e.other_id, e.cause,
       e.records_before, e.records_after
FROM event e LEFT JOIN run r USING (run_id) ORDER BY e.sequence DESC
