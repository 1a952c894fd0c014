-- Who owned which car from when to when.
-- @scope vehicle_id
-- @key vehicle_id, owner_no
-- @reference golden_id dim_customer
-- @reference vehicle_id dim_vehicle
-- @column vehicle_id The car
-- @column owner_no 1 for the first owner known, then counted up
-- @column golden_id The owner
-- @column owned_from First day that tells of this ownership
-- @column owned_to Day from which the next owner is known; null for the present owner
-- @column evidence sale: registered at HQ, or filed by a dealer with a day of sale; visits: came to service as its owner after the last owner was seen
-- @column records Records of this customer on this car
WITH told AS (
    SELECT rv.vehicle_id, m.golden_id, r.source, r.is_owner,
           CASE WHEN r.source = 'station' THEN r.visited_on ELSE r.sold_on END AS day
    FROM store.record r JOIN store.member m USING (record_key)
    JOIN store.record_vehicle rv USING (record_key)
), registered AS (
    SELECT vehicle_id, day FROM told WHERE source = 'hq' AND day IS NOT NULL
), seen AS (
    SELECT vehicle_id, golden_id, min(day) AS first_day, max(day) AS last_day, count(*) AS records,
           count(DISTINCT day) AS days, min(day) FILTER (source = 'hq') AS registered_on,
           coalesce(bool_or(is_owner), false) AS says_owner,
           NOT coalesce(bool_and(is_owner), true) AS says_other,
           -- a dealer files a contact or a wife under the buyer's own sale
           coalesce(bool_or(source = 'dealer' AND (vehicle_id, day) NOT IN (FROM registered)), false)
               AS sold_again
    FROM told WHERE day IS NOT NULL GROUP BY vehicle_id, golden_id
), firm AS (
    SELECT vehicle_id, golden_id, coalesce(registered_on, first_day) AS owned_from, last_day,
           'sale' AS evidence, records
    FROM seen WHERE registered_on IS NOT NULL OR (sold_again AND NOT says_other)
), later AS (
    SELECT s.vehicle_id, s.golden_id, s.first_day, s.last_day, s.records
    FROM seen s
    LEFT JOIN (SELECT vehicle_id, max(last_day) AS last_day FROM firm GROUP BY vehicle_id) f
        USING (vehicle_id)
    WHERE NOT s.says_other AND (s.days > 1 OR s.says_owner)
        AND (f.last_day IS NULL OR s.first_day > f.last_day)
        AND (s.vehicle_id, s.golden_id) NOT IN (SELECT vehicle_id, golden_id FROM firm)
), chosen AS (
    -- of several who bring the car in the same time, the one who brings it most
    SELECT l.* FROM later l ANTI JOIN later m
        ON m.vehicle_id = l.vehicle_id AND m.golden_id <> l.golden_id
        AND m.first_day <= l.last_day AND l.first_day <= m.last_day
        AND (m.records, l.golden_id) > (l.records, m.golden_id)
), owner AS (
    SELECT * FROM firm
    UNION ALL
    SELECT vehicle_id, golden_id, first_day, last_day, 'visits', records FROM chosen
), ordered AS (
    SELECT *, row_number() OVER w AS owner_no, lead(owned_from) OVER w AS next_from
    FROM owner WINDOW w AS (PARTITION BY vehicle_id ORDER BY owned_from, last_day, golden_id)
)
SELECT vehicle_id, CAST(owner_no AS INTEGER) AS owner_no, golden_id, owned_from,
       next_from AS owned_to, evidence, records
FROM ordered
ORDER BY vehicle_id, owner_no
