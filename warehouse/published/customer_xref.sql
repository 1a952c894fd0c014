-- Every source record and the customer that it belongs to: the contract with source systems.
-- @scope record_key
-- @links
-- @key source, outlet_code, source_key
-- @reference golden_id dim_customer
-- @count member
-- @column source hq, dealer or station
-- @column outlet_code The outlet's code; for hq the selling dealer named in the row, or empty
-- @column source_key The record's own key at its source; unique at HQ, at a dealer, at a station
-- @column golden_id The customer
-- @column match_weight Strongest link of the record's profile to the rest of the customer, in bits; null where nothing else was needed
-- @column since_run Run since which the record has belonged to this customer
-- @column record_key source/outlet/key in one text, as the identity store names the record
SELECT r.source, r.outlet_code, r.source_key, m.golden_id, m.match_weight, m.since_run, m.record_key
FROM store.member m JOIN store.record r USING (record_key)
ORDER BY m.golden_id, m.record_key
