-- How fresh the data of each source and outlet are.
-- @key source, outlet_code
-- @reads run
-- @column source hq, dealer or station
-- @column outlet_code The outlet; for hq empty
-- @column last_file_on Day of its last file that was taken in
-- @column loaded_run Run that loaded it
-- @column days_behind Days from that file to the day of the last run
-- @column files Files taken in, ever
SELECT f.source, coalesce(f.outlet_code, '') AS outlet_code, max(f.file_date) AS last_file_on,
       arg_max(f.loaded_run, (f.file_date, f.file_seq)) AS loaded_run,
       (SELECT arg_max(day, run_id) FROM run) - max(f.file_date) AS days_behind, count(*) AS files
FROM store.file f
WHERE f.status = 'taken' AND f.rolled_back_run IS NULL
GROUP BY ALL
ORDER BY ALL
