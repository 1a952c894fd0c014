-- Who owned which car from when to when.
-- @key vehicle_id, owner_no
-- @reference golden_id dim_customer
-- @reference vehicle_id dim_vehicle
-- @column vehicle_id The car
-- @column owner_no 1 for the first owner known, then counted up
-- @column golden_id The owner
-- @column owned_from First day that tells of this ownership
-- @column owned_to Day from which the next owner is known; null for the present owner
-- @column evidence sale: registered or filed by a dealer as the buyer; visits: brought the car to service as its owner, twice or said to be
-- @column records Records that tell so
WITH told AS (
    SELECT rv.vehicle_id, m.golden_id, r.source <> 'station' AS by_sale,
           coalesce(r.sold_on, r.visited_on, r.updated_on, r.file_date) AS day, r.is_owner
    FROM store.record r JOIN store.member m USING (record_key)
    JOIN store.record_vehicle rv USING (record_key)
    WHERE coalesce(r.is_owner, true)
), owner AS (
    SELECT vehicle_id, golden_id, min(day) AS owned_from, max(day) AS last_day,
           bool_or(by_sale) AS by_sale, count(*) AS records
    FROM told GROUP BY vehicle_id, golden_id
    HAVING bool_or(by_sale) OR count(DISTINCT day) > 1 OR bool_or(is_owner)
), ordered AS (
    SELECT *, row_number() OVER w AS owner_no, lead(owned_from) OVER w AS next_from
    FROM owner WINDOW w AS (PARTITION BY vehicle_id ORDER BY owned_from, NOT by_sale, golden_id)
)
SELECT vehicle_id, CAST(owner_no AS INTEGER) AS owner_no, golden_id, owned_from,
       next_from AS owned_to, CASE WHEN by_sale THEN 'sale' ELSE 'visits' END AS evidence, records
FROM ordered
ORDER BY vehicle_id, owner_no
