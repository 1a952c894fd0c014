-- One row per customer: who, which cars, how much service, last contact, stage, and what comes next.
-- @key golden_id
-- @stored
-- @reference golden_id dim_customer
-- @reads fact_sale, fact_service_visit, bridge_ownership, dim_vehicle, run
-- @column golden_id The customer
-- @column kind person or company; unknown where no record tells
-- @column name Name as the customer writes it, masked where it is a person's
-- @column phone Main telephone number, masked
-- @column cars_bought Sales registered at HQ
-- @column cars_owned Cars owned now
-- @column bought_last_on Day of the last purchase
-- @column visits Service visits to which the customer brought a car
-- @column amount_cny What was invoiced at these visits, in yuan
-- @column first_contact_on First purchase, or first visit of the customer or of a car while it was his
-- @column last_contact_on Last such day
-- @column last_outlet Outlet of that contact
-- @column stage lost (no contact for $lifecycle_lost_days days), cooling (for $lifecycle_active_days), returned (within these $lifecycle_active_days after having been lost), new (first contact within $lifecycle_new_days), active, or unknown where no contact has a day
-- @column next_event service, or replacement where a car of his is older than $replacement_age_years years; null without a car
-- @column next_event_on Day on which it is due, today if it is overdue
WITH today AS (
    SELECT arg_max(day, run_id) AS day FROM run
), contact AS (
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
    SELECT golden_id, count(*) AS cars, max(sold_on) AS last_on FROM fact_sale GROUP BY golden_id
), brought AS (
    SELECT golden_id, count(*) AS visits, sum(amount_cny) AS amount_cny
    FROM fact_service_visit GROUP BY golden_id
), owned AS (
    SELECT b.golden_id, count(*) AS cars,
           min(greatest(b.owned_from, v.last_visit_on)) + $service_interval_days AS service_on,
           min(v.sold_on) + INTERVAL $replacement_age_years YEAR AS replacement_on
    FROM bridge_ownership b JOIN dim_vehicle v USING (vehicle_id)
    WHERE b.owned_to IS NULL GROUP BY b.golden_id
)
SELECT c.golden_id, c.kind, c.name, c.phone,
       coalesce(s.cars, 0) AS cars_bought,
       coalesce(o.cars, 0) AS cars_owned,
       s.last_on AS bought_last_on,
       coalesce(b.visits, 0) AS visits,
       coalesce(b.amount_cny, 0) AS amount_cny,
       k.first_on AS first_contact_on,
       k.last_on AS last_contact_on,
       k.outlet_code AS last_outlet,
       CASE WHEN k.last_on IS NULL THEN 'unknown'
            WHEN t.day - k.last_on > $lifecycle_lost_days THEN 'lost'
            WHEN t.day - k.last_on > $lifecycle_active_days THEN 'cooling'
            WHEN t.day - k.returned_on <= $lifecycle_active_days THEN 'returned'
            WHEN t.day - k.first_on <= $lifecycle_new_days THEN 'new'
            ELSE 'active' END AS stage,
       CASE WHEN o.replacement_on <= t.day THEN 'replacement'
            WHEN o.service_on IS NOT NULL THEN 'service' END AS next_event,
       CASE WHEN o.replacement_on <= t.day THEN t.day
            ELSE greatest(o.service_on, CASE WHEN o.service_on IS NOT NULL THEN t.day END)
            END AS next_event_on
FROM dim_customer c CROSS JOIN today t
LEFT JOIN contacted k USING (golden_id)
LEFT JOIN bought s USING (golden_id)
LEFT JOIN brought b USING (golden_id)
LEFT JOIN owned o USING (golden_id)
ORDER BY c.golden_id
