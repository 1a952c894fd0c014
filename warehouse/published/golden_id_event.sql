-- The change feed of golden ids: follow it by sequence number.
-- @scope golden_id
-- @key sequence
-- @reference run_id run
-- @count golden_id_event
-- @column sequence Number of the event, rising for ever, never used twice; the events of a run follow each other
-- @column run_id The run
-- @column kind minted, revived (a retired id has records again), split (records went to other_id), merged (the id is no more, most of its records went to other_id), grew, shrank, or retired (the id is no more, and neither are its records)
-- @column golden_id The id that it happened to
-- @column other_id The other id, if one is concerned
-- @column cause What the run changed about the customers concerned, one or several, by comma: new_records, changed_records, removed_records, decision, key_migration; for the run as a whole model_change, understood_anew, rebuild, rollback; erased and expired where records left for good; other_records where only records of others changed what values tell; unknown in events of before causes were kept
-- @column records_before Records of golden_id before the run; null in events of before this was counted
-- @column records_after Records of golden_id after the run; null as above
-- @column records_moved Records that came (minted, revived, grew), left (shrank, retired) or went to other_id (split, merged); null as above
SELECT sequence, run_id, kind, golden_id, other_id, cause, records_before, records_after,
       records_moved
FROM store.golden_id_event
ORDER BY sequence
