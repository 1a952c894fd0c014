-- One row per registered sale at HQ.
-- @scope golden_id
-- @key sale_id
-- @reference golden_id dim_customer
-- @reference vehicle_id dim_vehicle
-- @reference outlet_code dim_outlet
-- @reference first_run run
-- @reads customer_xref_history
-- @by_year sold_on
-- @count record WHERE source = 'hq'
-- @column sale_id Key of the sale at HQ
-- @column golden_id The buyer, as now known
-- @column golden_id_then The buyer as known when the sale was first told; may be retired now, see golden_id_redirect
-- @column first_run Run that first told it; with golden_id_then, it finds the values of then in dim_customer_history
-- @column vehicle_id The car; null where the row tells of none
-- @column outlet_code The selling dealer; null where the row names none
-- @column sold_on Day of the sale
-- @column model Model as HQ writes it
-- @column updated_on Day HQ last changed the row
WITH first_known AS (
    SELECT record_key, min_by(golden_id, from_run) AS golden_id_then, min(from_run) AS first_run
    FROM customer_xref_history SEMI JOIN store.member USING (record_key) GROUP BY record_key
)
SELECT r.source_key AS sale_id, m.golden_id, f.golden_id_then, f.first_run, rv.vehicle_id,
       nullif(r.outlet_code, '') AS outlet_code, r.sold_on, r.model, r.updated_on
FROM store.record r JOIN store.member m USING (record_key)
JOIN first_known f USING (record_key)
LEFT JOIN store.record_vehicle rv USING (record_key)
WHERE r.source = 'hq'
ORDER BY m.golden_id, r.source_key
