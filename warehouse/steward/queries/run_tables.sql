SELECT t.table_name, t.rows, t.rows - b.rows AS more, t.digest, t.digest = b.digest AS is_same
FROM run_table t
LEFT JOIN run_table b ON b.table_name = t.table_name AND b.run_id = (
    SELECT max(run_id) FROM run_table WHERE run_id < $run_id)
WHERE t.run_id = $run_id ORDER BY t.table_name
