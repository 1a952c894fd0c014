SELECT path, file_date, status, reason, row_count, held_rows, arrived_at, loaded_run
FROM dq_file WHERE outlet_code = $outlet AND rolled_back_run IS NULL
ORDER BY arrived_at DESC, path LIMIT 60
