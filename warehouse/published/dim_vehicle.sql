-- One row per car that any record tells of.
-- @scope vehicle_id
-- @key vehicle_id
-- @column vehicle_id The VIN; TYPED-…, SUFFIX-… or PLATE-… for a car whose VIN nobody typed right
-- @column vin Full VIN, if known
-- @column maker Maker by the world manufacturer identifier
-- @column model_year Model year by the VIN
-- @column model Model as most outlets write it
-- @column plate Number plate seen last @personal
-- @column sold_on Day of the first sale
-- @column selling_outlet Dealer of the first sale
-- @column visits Service visits
-- @column last_mileage_km Highest odometer reading, in kilometres
-- @column last_visit_on Day of the last visit
SELECT v.vehicle_id,
       any_value(v.vin) AS vin,
       any_value(r.vin_maker) AS maker,
       CAST(any_value(r.vin_model_year) AS SMALLINT) AS model_year,
       mode(r.model ORDER BY r.model) AS model,
       arg_max(r.plate, (coalesce(r.visited_on, r.updated_on, r.file_date), r.record_key))
           FILTER (r.plate IS NOT NULL) AS plate,
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
GROUP BY v.vehicle_id
ORDER BY v.vehicle_id
