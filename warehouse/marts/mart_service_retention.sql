-- Of the cars that an outlet sold in a quarter, how many came back for their first, second, third service, and where.
-- @key selling_outlet, sold_in, service_no
-- @stored
-- @reference selling_outlet dim_outlet
-- @reads fact_sale, fact_service_visit, run
-- @column selling_outlet The dealer
-- @column workshop Where its cars are at home: the dealer itself if it serves cars, else the station that most of them came to first
-- @column sold_in First day of the quarter of the sale
-- @column service_no 1, 2 or 3: the visits of a car on different days after its sale, counted
-- @column cars Cars sold
-- @column at_outlet Came for this service to the workshop
-- @column elsewhere Came for it to another station of the network
-- @column too_early Have not come, and are younger than $service_interval_days days for each service
-- @column nowhere Have not come, and are older
-- @column due Cars old enough for this service, whether they came or not
-- @column retained Share of those due that came for it; null where none is due
WITH today AS (
    SELECT arg_max(day, run_id) AS day FROM run
), sale AS (
    SELECT vehicle_id, min(sold_on) AS sold_on,
           arg_min(outlet_code, (sold_on, sale_id)) AS selling_outlet
    FROM fact_sale WHERE sold_on IS NOT NULL AND vehicle_id IS NOT NULL AND outlet_code IS NOT NULL
    GROUP BY vehicle_id
), visit AS (
    SELECT s.vehicle_id, s.selling_outlet, v.visited_on, min(v.outlet_code) AS station
    FROM sale s JOIN fact_service_visit v ON v.vehicle_id = s.vehicle_id AND v.visited_on > s.sold_on
    GROUP BY s.vehicle_id, s.selling_outlet, v.visited_on
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY vehicle_id ORDER BY visited_on) AS service_no FROM visit
), home AS (
    SELECT selling_outlet, CASE WHEN bool_or(station = selling_outlet) THEN selling_outlet
                           ELSE mode(station ORDER BY station) END AS workshop
    FROM numbered WHERE service_no = 1 GROUP BY selling_outlet
), service AS (
    SELECT s.selling_outlet, h.workshop, CAST(date_trunc('quarter', s.sold_on) AS DATE) AS sold_in,
           n.service_no, v.station,
           s.sold_on + n.service_no * $service_interval_days > t.day AS is_early
    FROM sale s CROSS JOIN today t
    CROSS JOIN (VALUES (1), (2), (3)) n (service_no)
    LEFT JOIN numbered v ON v.vehicle_id = s.vehicle_id AND v.service_no = n.service_no
    LEFT JOIN home h ON h.selling_outlet = s.selling_outlet
)
SELECT selling_outlet, workshop, sold_in, service_no, count(*) AS cars,
       count(*) FILTER (WHERE station = workshop) AS at_outlet,
       count(*) FILTER (WHERE station <> workshop) AS elsewhere,
       count(*) FILTER (WHERE station IS NULL AND is_early) AS too_early,
       count(*) FILTER (WHERE station IS NULL AND NOT is_early) AS nowhere,
       count(*) FILTER (WHERE NOT is_early) AS due,
       count(station) FILTER (WHERE NOT is_early) / nullif(count(*) FILTER (WHERE NOT is_early), 0)
           AS retained
FROM service
GROUP BY selling_outlet, workshop, sold_in, service_no
ORDER BY selling_outlet, sold_in, service_no
