-- Links that hold the records of a customer together.
-- @scope golden_id
-- @links
-- @key record_a, record_b
-- @reference golden_id dim_customer
-- @column golden_id The customer
-- @column record_a The one record; it stands for all records of the same content
-- @column record_b The other
-- @column match_weight Weight of the link, in bits
WITH face AS (
    SELECT p.profile_id, min(record_key) AS record_key, any_value(m.golden_id) AS golden_id
    FROM store.record_profile p JOIN store.member m USING (record_key) GROUP BY p.profile_id
)
SELECT a.golden_id, least(a.record_key, b.record_key) AS record_a,
       greatest(a.record_key, b.record_key) AS record_b, round(e.weight, 3) AS match_weight
FROM store.edge e JOIN face a ON a.profile_id = e.a
JOIN face b ON b.profile_id = e.b
WHERE e.band = 'link'
    -- no equation by which they could be joined: a fleet's profiles are too many for all their pairs
    AND coalesce(b.golden_id = a.golden_id, false)
ORDER BY a.golden_id, record_a, record_b
