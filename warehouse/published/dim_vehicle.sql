-- One row per car that any record tells of.
-- @scope vehicle_id
-- @key vehicle_id
-- @count vehicle
-- @column vehicle_id The VIN; TYPED-…, SUFFIX-… or PLATE-… for a car whose VIN nobody typed right
-- @column vin Full VIN, if known
-- @column maker Maker by the world manufacturer identifier
-- @column model_year Model year by the VIN
-- @column model Model as most outlets write it
-- @column plate Present number plate: the one seen last; where that is one slip away from others of the car, the one of these that most records tell @personal
-- @column sold_on Day of the first sale
-- @column selling_outlet Dealer of the first sale
-- @column visits Service visits
-- @column last_mileage_km Highest odometer reading, in kilometres
-- @column last_visit_on Day of the last visit
WITH seen AS (
    -- a plate without its province is told with the outlet's, which is a guess
    SELECT vehicle_id, plate, count(*) FILTER (NOT coalesce(plate_inferred, false)) AS records,
           max(coalesce(visited_on, updated_on, sold_on, file_date)) AS last_on
    FROM store.record JOIN store.record_vehicle USING (record_key)
    WHERE plate IS NOT NULL GROUP BY vehicle_id, plate
), plated AS (
    SELECT l.vehicle_id, s.plate
    FROM (FROM seen QUALIFY row_number() OVER (
        PARTITION BY vehicle_id ORDER BY last_on DESC, records DESC, plate) = 1) l
    JOIN seen s ON s.vehicle_id = l.vehicle_id AND damerau_levenshtein(s.plate, l.plate) <= 1
    QUALIFY row_number() OVER (
        PARTITION BY l.vehicle_id ORDER BY s.records DESC, s.last_on DESC, s.plate) = 1
)
SELECT v.vehicle_id,
       any_value(v.vin) AS vin,
       min(r.vin_maker) AS maker,
       CAST(min(r.vin_model_year) AS SMALLINT) AS model_year,
       mode(r.model ORDER BY r.model) AS model,
       any_value(p.plate) AS plate,
       coalesce(min(r.sold_on) FILTER (r.source = 'hq'), min(r.sold_on)) AS sold_on,
       arg_min(r.outlet_code, (r.sold_on, r.record_key))
           FILTER (r.source = 'hq' AND r.outlet_code <> '' AND r.sold_on IS NOT NULL)
           AS selling_outlet,
       count(DISTINCT r.record_key) FILTER (r.source = 'station') AS visits,
       max(r.mileage_km) AS last_mileage_km,
       max(r.visited_on) AS last_visit_on
FROM store.vehicle v
JOIN store.record_vehicle rv USING (vehicle_id)
JOIN store.record r USING (record_key)
LEFT JOIN plated p USING (vehicle_id)
GROUP BY v.vehicle_id
ORDER BY v.vehicle_id
