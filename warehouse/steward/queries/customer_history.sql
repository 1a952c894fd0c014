-- What became of a golden id, and of those that were merged into it, the newest first.
SELECT e.sequence, e.run_id, r.finished_at, e.kind, e.golden_id, e.other_id, e.cause,
       e.records_before, e.records_after, e.records_moved
FROM golden_id_event e LEFT JOIN run r USING (run_id)
WHERE e.golden_id = $golden_id OR e.other_id = $golden_id
   OR e.golden_id IN (SELECT golden_id FROM golden_id_redirect WHERE redirect_to = $golden_id)
ORDER BY e.sequence DESC
