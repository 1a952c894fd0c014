-- Of the cars that an outlet sold in a quarter, how many came back for their first, second, third service, and where.
-- @key selling_outlet, sold_in, service_no
-- @stored
-- @reference selling_outlet dim_outlet
-- @reads mart_car_services, run
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
), home AS (
    SELECT selling_outlet,
           CASE WHEN bool_or(first_station = selling_outlet) THEN selling_outlet
                ELSE mode(first_station ORDER BY first_station) END AS workshop
    FROM mart_car_services WHERE first_station IS NOT NULL GROUP BY selling_outlet
), service AS (
    SELECT s.selling_outlet, h.workshop, CAST(date_trunc('quarter', s.sold_on) AS DATE) AS sold_in,
           n.service_no,
           CASE n.service_no WHEN 1 THEN first_station WHEN 2 THEN second_station
                             ELSE third_station END AS station,
           s.sold_on + n.service_no * $service_interval_days > t.day AS is_early
    FROM mart_car_services s CROSS JOIN today t
    CROSS JOIN (VALUES (1), (2), (3)) n (service_no)
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
