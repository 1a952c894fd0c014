-- Values that more people hold than such a value has: the dealer's own number, a fleet's switchboard.
-- @key column_name, held
-- @column column_name Column of the matching model
-- @column held The value @sensitive
-- @column holders Profiles that hold it
-- @column verdict generic: it tells nobody apart; shared: it tells less
SELECT column_name, value AS held, holders, verdict FROM store.generic_value
ORDER BY column_name, held
