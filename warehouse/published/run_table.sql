-- The content of every other published table after each run, as a digest: equal ones have equal rows.
-- @key run_id, table_name
-- @reference run_id run
-- @column run_id The run
-- @column table_name The published table
-- @column rows Its rows
-- @column digest Over all rows, whatever their order, without clock times, durations and what started the run; 32 hexadecimal digits
SELECT run_id, table_name, "rows", digest FROM memory.run_table ORDER BY run_id, table_name
