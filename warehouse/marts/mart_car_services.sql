-- One row per car sold: where it came for its first, second and third service.
-- @scope vehicle_id
-- @kin
-- @key vehicle_id
-- @stored
-- @reference vehicle_id dim_vehicle
-- @reference selling_outlet dim_outlet
-- @reads fact_sale, fact_service_visit
-- @column vehicle_id The car
-- @column selling_outlet The dealer who sold it first
-- @column sold_on Day of that sale
-- @column first_station Station of its first visit after the sale; of several on one day the first by its code
-- @column second_station Station of the next visit on another day
-- @column third_station Station of the one after that
WITH sale AS (
    SELECT vehicle_id, min(sold_on) AS sold_on,
           arg_min(outlet_code, (sold_on, sale_id)) AS selling_outlet
    FROM fact_sale WHERE sold_on IS NOT NULL AND vehicle_id IS NOT NULL AND outlet_code IS NOT NULL
    GROUP BY vehicle_id
), visit AS (
    SELECT s.vehicle_id, v.visited_on, min(v.outlet_code) AS station
    FROM sale s JOIN fact_service_visit v ON v.vehicle_id = s.vehicle_id AND v.visited_on > s.sold_on
    GROUP BY s.vehicle_id, v.visited_on
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY vehicle_id ORDER BY visited_on) AS service_no FROM visit
), served AS (
    SELECT vehicle_id, any_value(station) FILTER (service_no = 1) AS first_station,
           any_value(station) FILTER (service_no = 2) AS second_station,
           any_value(station) FILTER (service_no = 3) AS third_station
    FROM numbered WHERE service_no <= 3 GROUP BY vehicle_id
)
SELECT vehicle_id, s.selling_outlet, s.sold_on, v.first_station, v.second_station, v.third_station
FROM sale s LEFT JOIN served v USING (vehicle_id)
ORDER BY vehicle_id
