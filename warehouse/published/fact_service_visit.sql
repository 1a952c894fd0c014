-- One row per service visit at a station.
-- @scope golden_id
-- @key outlet_code, order_no
-- @reference golden_id dim_customer
-- @reference vehicle_id dim_vehicle
-- @reference outlet_code dim_outlet
-- @column outlet_code The station
-- @column order_no Key of the order at the station
-- @column golden_id The person or company that brought the car
-- @column vehicle_id The car; null where the row tells of none
-- @column is_owner Whether the station says that this is the car's owner; null where it does not say
-- @column visited_on Day of the visit
-- @column mileage_km Odometer, in kilometres
-- @column service_kind Kind of service
-- @column amount_cny Invoice amount, in yuan
SELECT r.outlet_code, r.source_key AS order_no, m.golden_id, rv.vehicle_id, r.is_owner,
       r.visited_on, r.mileage_km, r.service_kind, r.amount_cny
FROM store.record r JOIN store.member m USING (record_key)
LEFT JOIN store.record_vehicle rv USING (record_key)
WHERE r.source = 'station'
ORDER BY r.outlet_code, r.source_key
