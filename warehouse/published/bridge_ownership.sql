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
-- @column evidence Of the first owner: sale (registered at HQ, or filed by a dealer with a day of sale) or visits (no sale is known). Of the next: sale (registered later), plate_moved (came, or was filed by a dealer, with another plate than the owner before) or second_hand (came to service, or was filed by a dealer, after the owner before had been seen for the last time)
-- @column records Records of this customer on this car
WITH RECURSIVE told AS (
    SELECT rv.vehicle_id, m.golden_id, r.source, r.sold_on, r.visited_on, r.updated_on, r.file_date,
           r.is_owner, r.phones, r.name_pinyin,
           -- without the province, which some leave out
           substr(r.plate, 2) AS plate,
           CASE WHEN coalesce(r.address_room, r.address_number) IS NOT NULL THEN r.address END AS home,
           CASE r.source WHEN 'dealer' THEN r.updated_on ELSE r.visited_on END AS seen_on
    FROM store.record r JOIN store.member m USING (record_key)
    JOIN store.record_vehicle rv USING (record_key)
), keeper AS (
    -- everybody with a record on the car: who files and brings it, and what tells who is who
    SELECT vehicle_id, golden_id, count(*) AS records,
           min(coalesce(sold_on, updated_on)) FILTER (source = 'hq') AS registered_on,
           min(sold_on) FILTER (source = 'dealer') AS sale_filed_on,
           min(updated_on) FILTER (source = 'dealer') AS filed_on,
           min(visited_on) AS first_visit_on, max(visited_on) AS last_visit_on,
           count(visited_on) AS visits,
           count(*) FILTER (is_owner) - count(*) FILTER (NOT is_owner) AS says_owner,
           coalesce(least(registered_on, filed_on, first_visit_on), min(file_date)) AS first_on,
           greatest(registered_on, last_visit_on, first_on) AS last_on,
           (says_owner > 0, count(*)) AS weight
    FROM told GROUP BY vehicle_id, golden_id
), first_owner AS (
    SELECT vehicle_id, golden_id, coalesce(registered_on, sale_filed_on, first_on) AS owned_from,
           CASE WHEN coalesce(registered_on, sale_filed_on) IS NULL THEN 'visits' ELSE 'sale' END
               AS evidence
    FROM keeper WHERE registered_on IS NOT NULL OR says_owner >= 0
    QUALIFY row_number() OVER (PARTITION BY vehicle_id ORDER BY registered_on NULLS LAST,
        filed_on IS NULL, first_on, weight DESC, golden_id) = 1
), shared AS (
    -- only cars that several bring can have changed hands; what hundreds bring is a VIN that was
    -- typed to satisfy a form
    SELECT vehicle_id FROM keeper GROUP BY vehicle_id HAVING count(*) BETWEEN 2 AND 100
), called AS (
    SELECT vehicle_id, golden_id, list(DISTINCT value) AS phones
    FROM (SELECT vehicle_id, golden_id, unnest(phones) AS value FROM told)
    SEMI JOIN shared USING (vehicle_id)
    -- the dealer's own number is nobody's
    ANTI JOIN (FROM store.generic_value WHERE column_name = 'phones' AND verdict = 'generic')
        USING (value)
    GROUP BY vehicle_id, golden_id
), known AS (
    SELECT vehicle_id, golden_id, any_value(c.phones) AS phones,
           list(DISTINCT plate) FILTER (plate IS NOT NULL) AS plates,
           list(DISTINCT name_pinyin) FILTER (name_pinyin IS NOT NULL) AS names,
           list(DISTINCT home) FILTER (home IS NOT NULL) AS homes
    FROM told SEMI JOIN shared USING (vehicle_id) LEFT JOIN called c USING (vehicle_id, golden_id)
    GROUP BY vehicle_id, golden_id
), plate_seen AS (
    SELECT vehicle_id, plate, min(seen_on) AS first_on, max(seen_on) AS last_on
    FROM told SEMI JOIN shared USING (vehicle_id)
    WHERE plate IS NOT NULL AND seen_on IS NOT NULL GROUP BY vehicle_id, plate
), new_plate AS (
    -- plates that took another's place; one wrong character, or two that changed places, is a slip
    SELECT n.vehicle_id, n.plate, n.first_on FROM plate_seen n SEMI JOIN plate_seen o
        ON o.vehicle_id = n.vehicle_id AND o.last_on < n.first_on
        AND damerau_levenshtein(o.plate, n.plate) > 1
), pair AS (
    SELECT p.vehicle_id, p.golden_id AS owner, x.golden_id AS heir, x.registered_on, x.first_on,
           x.first_visit_on, x.last_visit_on, x.visits, x.says_owner, x.weight,
           coalesce(p.registered_on, p.sale_filed_on, p.first_on) AS owned_since, xk.plates,
           cp.kind = 'company' AS of_company,
           -- the papers of a sale are filed within a season
           x.filed_on > owned_since + 90 AS filed_late,
           -- the owner himself would have come to service within a year
           x.first_on > p.last_on + 365 AS absent,
           CASE WHEN EXISTS (FROM new_plate n WHERE n.vehicle_id = p.vehicle_id
                             AND n.first_on > p.last_on AND list_contains(xk.plates, n.plate)) THEN 'new'
                WHEN pk.plates IS NULL OR xk.plates IS NULL THEN 'unknown'
                WHEN EXISTS (SELECT 1 FROM (SELECT unnest(pk.plates) AS a), (SELECT unnest(xk.plates) AS b)
                             WHERE damerau_levenshtein(a, b) <= 1) THEN 'same'
                ELSE 'new' END AS plate
    FROM keeper p JOIN keeper x ON x.vehicle_id = p.vehicle_id AND x.golden_id <> p.golden_id
    JOIN known pk ON pk.vehicle_id = p.vehicle_id AND pk.golden_id = p.golden_id
    JOIN known xk ON xk.vehicle_id = x.vehicle_id AND xk.golden_id = x.golden_id
    JOIN store.customer cp ON cp.golden_id = p.golden_id
    WHERE (x.first_on, x.golden_id) > (p.first_on, p.golden_id)
        -- who has neither name nor number is nobody whom one could tell from the owner
        AND (xk.names IS NOT NULL OR xk.phones IS NOT NULL)
        -- whoever comes between the owner's visits only drives for him
        AND coalesce(x.first_visit_on >= p.last_visit_on, true)
        AND (x.registered_on > owned_since OR x.says_owner >= 0
             -- family, drivers and contacts share his phone or home; under his name it is himself
             AND NOT coalesce(list_has_any(pk.phones, xk.phones), false)
             AND NOT coalesce(list_has_any(pk.homes, xk.homes), false)
             AND NOT coalesce(list_has_any(pk.names, xk.names), false))
), heir AS (
    SELECT *, CASE
        WHEN registered_on > owned_since THEN 'sale'
        WHEN plate = 'new' AND coalesce(filed_late, true) THEN 'plate_moved'
        WHEN filed_late AND NOT (of_company AND plate = 'same') THEN 'second_hand'
        -- many drive a company's car
        WHEN of_company THEN NULL
        WHEN plate = 'unknown' AND (says_owner > 0 OR visits > 1 OR absent) THEN 'second_hand'
        WHEN visits > 2 OR visits > 1 AND (says_owner > 0 OR absent) OR says_owner > 0 AND absent
            THEN 'second_hand'
        END AS evidence
    FROM pair
), possible AS (
    FROM heir WHERE evidence IS NOT NULL
), next_owner AS (
    -- of several who bring the car at the same time, or under the same plate, who says that he owns
    -- it, then who brings it most, then who came first
    SELECT vehicle_id, owner, heir, coalesce(registered_on, first_on) AS owned_from, evidence
    FROM possible x ANTI JOIN possible y ON y.vehicle_id = x.vehicle_id AND y.owner = x.owner
        AND y.heir <> x.heir AND (y.weight, x.first_on, x.heir) > (x.weight, y.first_on, y.heir)
        AND (list_has_any(y.plates, x.plates)
             OR y.first_visit_on <= x.last_visit_on AND x.first_visit_on <= y.last_visit_on)
    QUALIFY row_number() OVER (PARTITION BY vehicle_id, owner ORDER BY first_on, weight DESC, heir) = 1
), owner AS (
    SELECT vehicle_id, 1 AS owner_no, golden_id, owned_from, evidence FROM first_owner
    UNION ALL
    SELECT o.vehicle_id, owner_no + 1, n.heir, n.owned_from, n.evidence
    FROM owner o JOIN next_owner n ON n.vehicle_id = o.vehicle_id AND n.owner = o.golden_id
)
SELECT vehicle_id, owner_no, golden_id, owned_from,
       lead(owned_from) OVER (PARTITION BY vehicle_id ORDER BY owner_no) AS owned_to, evidence, records
FROM owner JOIN keeper USING (vehicle_id, golden_id)
ORDER BY golden_id, vehicle_id, owner_no
