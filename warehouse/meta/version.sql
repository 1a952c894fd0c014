-- One row: what this file is, and which run it holds.
-- @key run_id
-- @reference run_id run
-- @volatile guiyi, finished_at
-- @column run_id The last run that is in it
-- @column day The day that it stands for, which marts call today
-- @column finished_at When that run was complete, Shanghai time
-- @column guiyi Version of Guiyi that published it; tables and columns change with it only, see its change log
-- @column records Source records in it
-- @column customers Customers in it
SELECT run_id, day, finished_at, '$version' AS guiyi,
       (SELECT count(*) FROM store.member) AS records,
       (SELECT count(*) FROM store.customer) AS customers
FROM run WHERE run_id = (SELECT max(run_id) FROM run)
