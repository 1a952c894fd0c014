SELECT step, seconds FROM run_step WHERE run_id = $run_id ORDER BY seconds DESC, step
