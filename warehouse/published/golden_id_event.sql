-- The change feed of golden ids: follow it by sequence number.
-- @key sequence
-- @column sequence Number of the event, rising for ever
-- @column run_id The run
-- @column kind minted, grew, merged (into other_id), split (part went to other_id), revived (parted again from other_id, which it had been merged into) or retired
-- @column golden_id The id that it happened to
-- @column other_id The other id, if one is concerned
-- @column records Records concerned
SELECT sequence, run_id, kind, golden_id, other_id, records FROM store.golden_id_event
ORDER BY sequence
