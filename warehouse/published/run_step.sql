-- How long each step of each run took.
-- @key run_id, step
-- @reference run_id run
-- @volatile seconds
-- @count step
-- @column run_id The run
-- @column step The step
-- @column seconds Wall time
SELECT run_id, step, seconds FROM store.step ORDER BY run_id, step
