-- One row per registered sale at HQ.
-- @scope golden_id
-- @key sale_id
-- @reference golden_id dim_customer
-- @reference vehicle_id dim_vehicle
-- @reference outlet_code dim_outlet
-- @column sale_id Key of the sale at HQ
-- @column golden_id The buyer
-- @column vehicle_id The car; null where the row tells of none
-- @column outlet_code The selling dealer; null where the row names none
-- @column sold_on Day of the sale
-- @column model Model as HQ writes it
-- @column updated_on Day HQ last changed the row
SELECT r.source_key AS sale_id, m.golden_id, rv.vehicle_id, nullif(r.outlet_code, '') AS outlet_code,
       r.sold_on, r.model, r.updated_on
FROM store.record r JOIN store.member m USING (record_key)
LEFT JOIN store.record_vehicle rv USING (record_key)
WHERE r.source = 'hq'
ORDER BY r.source_key
