-- Every telephone number of a customer, ranked.
-- @scope golden_id
-- @kin
-- @key golden_id, phone
-- @reference golden_id dim_customer
-- @reads customer_record, attribute_lineage
-- @column golden_id The customer
-- @column phone The number, E.164 @personal
-- @column rank 1 for the main one, which dim_customer shows
-- @column kind mobile, fixed_line, or abroad
-- @column first_seen_on First day for which a record states it; null where only a steward does
-- @column last_seen_on Last such day
-- @column sources Of hq, dealer and station, how many state it
-- @column outlets Outlets that state it, HQ as one
-- @column records Records that state it
-- @column shared_by Other customers who give it, too
WITH said AS (
    SELECT golden_id, unnest(phones) AS phone, source,
           CASE source WHEN 'hq' THEN 'hq' ELSE outlet_code END AS outlet,
           coalesce(updated_on, visited_on, sold_on, file_date) AS day
    FROM pii.customer_record
), seen AS (
    SELECT golden_id, phone, min(day) AS first_seen_on, max(day) AS last_seen_on,
           count(DISTINCT source) AS sources, count(DISTINCT outlet) AS outlets, count(*) AS records
    FROM said GROUP BY golden_id, phone
), held AS (
    SELECT phone, count(*) AS holders FROM seen GROUP BY phone
)
SELECT g.golden_id, g.value AS phone,
       row_number() OVER (PARTITION BY g.golden_id
           ORDER BY g.chosen DESC, s.last_seen_on DESC NULLS LAST, s.records DESC, g.value) AS rank,
       CASE WHEN g.value SIMILAR TO '\+861[3-9]\d{9}' THEN 'mobile'
            WHEN starts_with(g.value, '+86') THEN 'fixed_line' ELSE 'abroad' END AS kind,
       s.first_seen_on, s.last_seen_on, coalesce(s.sources, 0) AS sources,
       coalesce(s.outlets, 0) AS outlets, coalesce(s.records, 0) AS records,
       coalesce(h.holders, 0) - coalesce(s.records > 0, false)::INT AS shared_by
FROM pii.attribute_lineage g
LEFT JOIN seen s ON s.golden_id = g.golden_id AND s.phone = g.value
LEFT JOIN held h ON h.phone = g.value
WHERE g.attribute = 'phone'
ORDER BY g.golden_id, rank
