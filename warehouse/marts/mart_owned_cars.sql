-- One row per car with a present owner: what tells when he may replace it, whatever day it is.
-- @scope golden_id
-- @kin
-- @key vehicle_id
-- @stored
-- @reference vehicle_id dim_vehicle
-- @reference golden_id dim_customer
-- @reads bridge_ownership, mart_customer_activity
-- @column vehicle_id The car
-- @column golden_id Its present owner
-- @column name Name as the customer writes it, masked where it is a person's
-- @column phone Main telephone number, masked
-- @column model Model as most outlets write it
-- @column plate Present number plate, masked
-- @column sold_on Day of the first sale
-- @column mileage_km Highest odometer reading, in kilometres
-- @column bought_last_on Day of the owner's last purchase
-- @column rhythm_days Mean days between the owner's purchases; null before the second
SELECT v.vehicle_id, b.golden_id, c.name, c.phone, v.model, v.plate, v.sold_on,
       v.last_mileage_km AS mileage_km, c.bought_last_on, c.rhythm_days
FROM bridge_ownership b JOIN dim_vehicle v USING (vehicle_id)
JOIN mart_customer_activity c ON c.golden_id = b.golden_id
WHERE b.owned_to IS NULL
ORDER BY v.vehicle_id
