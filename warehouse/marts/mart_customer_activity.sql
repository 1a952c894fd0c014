-- One row per customer: who, which cars, how much service, first and last contact, whatever day it is.
-- @scope golden_id
-- @kin
-- @key golden_id
-- @stored
-- @reference golden_id dim_customer
-- @reads fact_sale, fact_service_visit, bridge_ownership, dim_vehicle
-- @column golden_id The customer
-- @column kind person or company; unknown where no record tells
-- @column name Name as the customer writes it, masked where it is a person's
-- @column phone Main telephone number, masked
-- @column cars_bought Sales registered at HQ
-- @column cars_owned Cars owned now
-- @column bought_last_on Day of the last purchase
-- @column rhythm_days Mean days between purchases; null before the second
-- @column visits Service visits to which the customer brought a car
-- @column amount_cny What was invoiced at these visits, in yuan
-- @column first_contact_on First purchase, or first visit of the customer or of a car while it was his
-- @column last_contact_on Last such day
-- @column last_outlet Outlet of that contact
-- @column returned_on Last contact that came more than $lifecycle_lost_days days after the one before
-- @column service_on Day from which the first of his cars is due for service
-- @column replacement_on Day from which the oldest of his cars is older than $replacement_age_years years
WITH contact AS (
    SELECT golden_id, sold_on AS day, outlet_code FROM fact_sale WHERE sold_on IS NOT NULL
    UNION
    SELECT golden_id, visited_on, outlet_code FROM fact_service_visit WHERE visited_on IS NOT NULL
    UNION
    SELECT b.golden_id, v.visited_on, v.outlet_code
    FROM fact_service_visit v JOIN bridge_ownership b ON b.vehicle_id = v.vehicle_id
        AND v.visited_on >= b.owned_from AND (b.owned_to IS NULL OR v.visited_on < b.owned_to)
), spaced AS (
    SELECT *, day - lag(day) OVER (PARTITION BY golden_id ORDER BY day, outlet_code) AS gap
    FROM contact
), contacted AS (
    SELECT golden_id, min(day) AS first_on, max(day) AS last_on,
           arg_max(outlet_code, (day, outlet_code)) AS outlet_code,
           max(day) FILTER (WHERE gap > $lifecycle_lost_days) AS returned_on
    FROM spaced GROUP BY golden_id
), bought AS (
    SELECT golden_id, count(*) AS cars, max(sold_on) AS last_on,
           CASE WHEN count(DISTINCT sold_on) > 1
                THEN (max(sold_on) - min(sold_on)) // (count(DISTINCT sold_on) - 1) END AS rhythm_days
    FROM fact_sale GROUP BY golden_id
), brought AS (
    SELECT golden_id, count(*) AS visits, sum(amount_cny) AS amount_cny
    FROM fact_service_visit GROUP BY golden_id
), owned AS (
    SELECT b.golden_id, count(*) AS cars,
           min(greatest(b.owned_from, v.last_visit_on)) + $service_interval_days AS service_on,
           CAST(min(v.sold_on) + INTERVAL $replacement_age_years YEAR AS DATE) AS replacement_on
    FROM bridge_ownership b JOIN dim_vehicle v USING (vehicle_id)
    WHERE b.owned_to IS NULL GROUP BY b.golden_id
)
SELECT c.golden_id, c.kind, c.name, c.phone,
       coalesce(s.cars, 0) AS cars_bought,
       coalesce(o.cars, 0) AS cars_owned,
       s.last_on AS bought_last_on,
       s.rhythm_days,
       coalesce(b.visits, 0) AS visits,
       coalesce(b.amount_cny, 0) AS amount_cny,
       k.first_on AS first_contact_on,
       k.last_on AS last_contact_on,
       k.outlet_code AS last_outlet,
       k.returned_on, o.service_on, o.replacement_on
FROM dim_customer c
LEFT JOIN contacted k USING (golden_id)
LEFT JOIN bought s USING (golden_id)
LEFT JOIN brought b USING (golden_id)
LEFT JOIN owned o USING (golden_id)
ORDER BY c.golden_id
