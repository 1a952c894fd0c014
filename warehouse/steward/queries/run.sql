SELECT run_id, started_at, finished_at, day, cause, model_name, model_digest, undone_by
FROM run WHERE run_id = $run_id
