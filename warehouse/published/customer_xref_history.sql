-- Who every record belonged to, from which run to which.
-- @scope record_key
-- @key record_key, from_run
-- @volatile valid_from, valid_to
-- @reference from_run run
-- @reference to_run run
-- @column record_key The record, as customer_xref names it
-- @column golden_id The customer that it belonged to; may be retired now
-- @column from_run First run after which it belonged to that customer
-- @column to_run Run that ended it; null while it lasts
-- @column valid_from When from_run was complete, Shanghai time
-- @column valid_to When to_run was complete; null while it lasts
SELECT record_key, golden_id, from_run, to_run, f.finished_at AS valid_from,
       t.finished_at AS valid_to
FROM (
    SELECT record_key, golden_id, since_run AS from_run, NULL AS to_run FROM store.member
    UNION ALL SELECT record_key, golden_id, from_run, to_run FROM store.member_past
)
JOIN store.run f ON f.run_id = from_run
LEFT JOIN store.run t ON t.run_id = to_run
ORDER BY record_key, from_run
