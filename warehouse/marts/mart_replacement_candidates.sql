-- One row per car that its owner may soon replace: by its age, its mileage, or his rhythm of buying.
-- @key vehicle_id
-- @reference vehicle_id dim_vehicle
-- @reference golden_id dim_customer
-- @reads mart_owned_cars, run
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
), car AS (
    SELECT c.*, date_sub('year', sold_on, t.day) AS age_years,
           t.day - bought_last_on AS days_since_purchase,
           coalesce(age_years >= $replacement_age_years, false) AS by_age,
           coalesce(mileage_km >= $replacement_mileage_km, false) AS by_mileage,
           coalesce(days_since_purchase >= rhythm_days, false) AS by_rhythm
    FROM mart_owned_cars c CROSS JOIN today t
)
SELECT vehicle_id, golden_id, name, phone, model, plate, sold_on, age_years, mileage_km,
       rhythm_days, days_since_purchase, by_age, by_mileage, by_rhythm,
       CAST(by_age AS INTEGER) + CAST(by_mileage AS INTEGER) + CAST(by_rhythm AS INTEGER) AS reasons
FROM car
WHERE by_age OR by_mileage OR by_rhythm
