SELECT r.run_id, r.started_at, r.finished_at, r.day, r.cause, r.model_name, r.undone_by, r.counts,
       (SELECT sum(seconds) FROM run_step s WHERE s.run_id = r.run_id) AS seconds
FROM run r ORDER BY r.run_id DESC LIMIT $limit
