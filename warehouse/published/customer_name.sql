-- Every name that records have of a customer.
-- @scope golden_id
-- @key golden_id, name
-- @reference golden_id dim_customer
-- @column golden_id The customer
-- @column name The name as understood @personal
-- @column kind present (dim_customer shows it), former (another full name, told by two records or more, the last of them before the present one was first told), writing (the same name in other characters or letters), or other (slips of the pen and of the ear, surnames alone, somebody else's name)
-- @column first_told_on First day for which a record states it; null where only a steward does
-- @column last_told_on Last such day
-- @column outlets Outlets that state it, HQ as one
-- @column records Records that state it
WITH told AS (
    SELECT m.golden_id, r.name_pinyin, r.name_fold, r.name_status, r.name_kind,
           -- as the golden values have it
           CASE r.name_reason WHEN 'surname_with_title' THEN r.name || r.name_title
                              WHEN 'nickname' THEN trim(r.name_typed) ELSE r.name END AS name,
           CASE r.source WHEN 'hq' THEN 'hq' ELSE r.outlet_code END AS outlet,
           coalesce(r.updated_on, r.visited_on, r.sold_on, r.file_date) AS day
    FROM store.record r JOIN store.member m USING (record_key)
), named AS (
    SELECT golden_id, name, min(name_pinyin) AS pinyin, min(name_fold) AS fold,
           bool_or(name_status = 'ok') AS is_full, min(day) AS first_told_on,
           max(day) AS last_told_on, count(DISTINCT outlet) AS outlets, count(*) AS records
    FROM told WHERE name IS NOT NULL GROUP BY golden_id, name
), present AS (
    SELECT g.golden_id, n.pinyin, n.fold, n.first_told_on
    FROM store.golden_value g LEFT JOIN named n ON n.golden_id = g.golden_id AND n.name = g.value
    WHERE g.attribute = 'name' AND g.chosen
)
SELECT g.golden_id, g.value AS name,
       CASE WHEN g.chosen THEN 'present'
            WHEN n.fold = p.fold OR upper(replace(n.fold, ' ', '')) = upper(replace(p.pinyin, ' ', ''))
                THEN 'writing'
            WHEN n.is_full AND n.records > 1 AND n.last_told_on < p.first_told_on
                AND n.pinyin IS DISTINCT FROM p.pinyin THEN 'former'
            ELSE 'other' END AS kind,
       n.first_told_on, n.last_told_on, coalesce(n.outlets, 0) AS outlets,
       coalesce(n.records, 0) AS records
FROM store.golden_value g
LEFT JOIN named n ON n.golden_id = g.golden_id AND n.name = g.value
LEFT JOIN present p ON p.golden_id = g.golden_id
WHERE g.attribute = 'name'
ORDER BY g.golden_id, g.value
