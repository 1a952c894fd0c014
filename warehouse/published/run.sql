-- Every nightly run that is in this warehouse.
-- @key run_id
-- @volatile started_at, finished_at, cause
-- @count run
-- @column run_id Number of the run
-- @column started_at When it began, Shanghai time
-- @column finished_at When its transaction was complete, Shanghai time
-- @column day The day that the run stands for: of the newest file that it knew; what marts call today
-- @column cause What started it: command, schedule, sensor, console or page; release, rebuild, rollback, promote or erase
-- @column model_name The matching model
-- @column model_digest SHA-256 of the model's content
-- @column counts Counts of every step, JSON
-- @column has_history Whether it can be told who belonged to whom after this run
-- @column undone_by The rollback that took this run back
SELECT run_id, started_at, finished_at,
       (SELECT max(f.file_date) FROM store.file f
        WHERE f.loaded_run <= r.run_id AND f.rolled_back_run IS NULL) AS day,
       cause, model_name, model_digest, counts, has_history, undone_by
FROM store.run r
ORDER BY run_id
