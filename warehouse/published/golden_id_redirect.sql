-- Ids that were merged away, and where they lead now.
-- @key golden_id
-- @reference redirect_to dim_customer
-- @count golden_id WHERE redirect_to IS NOT NULL
-- @column golden_id The id that is no more
-- @column redirect_to The customer that it is part of now
-- @column since_run Run of the merge
SELECT golden_id, redirect_to, retired_run AS since_run FROM store.golden_id
WHERE redirect_to IS NOT NULL ORDER BY golden_id
