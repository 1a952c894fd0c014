SELECT kind, count(*) AS ids, sum(records_moved) AS records FROM golden_id_event
WHERE run_id = $run_id GROUP BY kind ORDER BY ids DESC, kind
