-- One row per car that its owner may soon replace: by its age, its mileage, or his rhythm of buying.
-- @key vehicle_id
-- @stored
-- @reference vehicle_id dim_vehicle
-- @reference golden_id dim_customer
-- @reads bridge_ownership, fact_sale, run
-- @column vehicle_id The car
-- @column golden_id Its present owner
-- @column name Name as the customer writes it, masked where it is a person's
-- @column phone Main telephone number, masked
-- @column model Model as most outlets write it
-- @column plate Present number plate, masked
-- @column sold_on Day of the first sale
-- @column age_years Full years since then
-- @column mileage_km Highest odometer reading, in kilometres
-- @column rhythm_days Mean days between the owner's purchases; null before the second
-- @column days_since_purchase Days since his last purchase
-- @column by_age At least $replacement_age_years years old
-- @column by_mileage At least $replacement_mileage_km km
-- @column by_rhythm His usual time between two purchases is over
-- @column reasons How many of the three hold
WITH today AS (
    SELECT arg_max(day, run_id) AS day FROM run
), buyer AS (
    SELECT golden_id, max(sold_on) AS last_on,
           CASE WHEN count(DISTINCT sold_on) > 1
                THEN (max(sold_on) - min(sold_on)) // (count(DISTINCT sold_on) - 1) END AS rhythm_days
    FROM fact_sale GROUP BY golden_id
), car AS (
    SELECT v.vehicle_id, b.golden_id, v.model, v.plate, v.sold_on,
           date_sub('year', v.sold_on, t.day) AS age_years, v.last_mileage_km AS mileage_km,
           y.rhythm_days, t.day - y.last_on AS days_since_purchase,
           coalesce(age_years >= $replacement_age_years, false) AS by_age,
           coalesce(mileage_km >= $replacement_mileage_km, false) AS by_mileage,
           coalesce(days_since_purchase >= y.rhythm_days, false) AS by_rhythm
    FROM bridge_ownership b JOIN dim_vehicle v USING (vehicle_id) CROSS JOIN today t
    LEFT JOIN buyer y ON y.golden_id = b.golden_id
    WHERE b.owned_to IS NULL
)
SELECT vehicle_id, golden_id, c.name, c.phone, model, plate, sold_on, age_years, mileage_km,
       rhythm_days, days_since_purchase, by_age, by_mileage, by_rhythm,
       CAST(by_age AS INTEGER) + CAST(by_mileage AS INTEGER) + CAST(by_rhythm AS INTEGER) AS reasons
FROM car JOIN dim_customer c USING (golden_id)
WHERE by_age OR by_mileage OR by_rhythm
ORDER BY reasons DESC, vehicle_id
