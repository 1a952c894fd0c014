-- One row per service visit at a station.
-- @scope golden_id
-- @key outlet_code, order_no
-- @reference golden_id dim_customer
-- @reference vehicle_id dim_vehicle
-- @reference outlet_code dim_outlet
-- @reference first_run run
-- @reads customer_xref_history
-- @by_year visited_on
-- @count record WHERE source = 'station'
-- @column outlet_code The station
-- @column order_no Key of the order at the station
-- @column golden_id The person or company that brought the car, as now known
-- @column golden_id_then As known when the visit was first told; may be retired now, see golden_id_redirect
-- @column first_run Run that first told it; with golden_id_then, it finds the values of then in dim_customer_history
-- @column vehicle_id The car; null where the row tells of none
-- @column is_owner Whether the station says that this is the car's owner; null where it does not say
-- @column visited_on Day of the visit
-- @column mileage_km Odometer, in kilometres
-- @column service_kind Kind of service
-- @column amount_cny Invoice amount, in yuan
WITH first_known AS (
    SELECT record_key, min_by(golden_id, from_run) AS golden_id_then, min(from_run) AS first_run
    FROM customer_xref_history SEMI JOIN store.member USING (record_key) GROUP BY record_key
)
SELECT r.outlet_code, r.source_key AS order_no, m.golden_id, f.golden_id_then, f.first_run,
       rv.vehicle_id, r.is_owner,
       r.visited_on, r.mileage_km, r.service_kind, r.amount_cny
FROM store.record r JOIN store.member m USING (record_key)
JOIN first_known f USING (record_key)
LEFT JOIN store.record_vehicle rv USING (record_key)
WHERE r.source = 'station'
ORDER BY m.golden_id, r.outlet_code, r.source_key
