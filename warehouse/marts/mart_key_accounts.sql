-- One row per customer who owns $key_accounts_cars cars or more: fleets, and who in the network knows them.
-- @key golden_id
-- @stored
-- @reference golden_id dim_customer
-- @reads mart_customer_360, bridge_ownership, fact_service_visit, customer_relation, customer_xref, run
-- @column golden_id The customer
-- @column kind person or company; unknown where no record tells
-- @column name Name as the customer writes it, masked where it is a person's
-- @column phone Main telephone number, masked
-- @column cars_owned Cars owned now
-- @column cars_bought Sales registered at HQ
-- @column bought_last_on Day of the last purchase
-- @column branches Branches of the company that are customers, too
-- @column contacts People whom dealers keep as its contacts
-- @column drivers People who bring its cars
-- @column outlets Dealers and stations that have a record of it
-- @column main_outlet The one with most records
-- @column visits_12_months Visits of its cars in the twelve months before the last run, whoever brought them
-- @column amount_12_months_cny What was invoiced at these, in yuan
-- @column last_contact_on Day of the last contact
-- @column stage As in mart_customer_360
WITH today AS (
    SELECT arg_max(day, run_id) AS day FROM run
), account AS (
    SELECT * FROM mart_customer_360 WHERE cars_owned >= $key_accounts_cars
), related AS (
    SELECT other_id AS golden_id, count(*) FILTER (WHERE kind = 'branch_of') AS branches,
           count(*) FILTER (WHERE kind = 'contact_of') AS contacts,
           count(*) FILTER (WHERE kind = 'driver_of') AS drivers
    FROM customer_relation GROUP BY other_id
), known AS (
    SELECT golden_id, count(*) AS outlets, arg_max(outlet_code, (records, outlet_code)) AS main_outlet
    FROM (SELECT golden_id, outlet_code, count(*) AS records FROM customer_xref
          WHERE outlet_code <> '' GROUP BY golden_id, outlet_code)
    GROUP BY golden_id
), served AS (
    SELECT b.golden_id, count(*) AS visits, sum(v.amount_cny) AS amount_cny
    FROM fact_service_visit v JOIN bridge_ownership b ON b.vehicle_id = v.vehicle_id
        AND v.visited_on >= b.owned_from AND (b.owned_to IS NULL OR v.visited_on < b.owned_to)
    WHERE v.visited_on > (SELECT day - INTERVAL 12 MONTH FROM today)
    GROUP BY b.golden_id
)
SELECT a.golden_id, a.kind, a.name, a.phone, a.cars_owned, a.cars_bought, a.bought_last_on,
       coalesce(r.branches, 0) AS branches, coalesce(r.contacts, 0) AS contacts,
       coalesce(r.drivers, 0) AS drivers, coalesce(k.outlets, 0) AS outlets, k.main_outlet,
       coalesce(s.visits, 0) AS visits_12_months, coalesce(s.amount_cny, 0) AS amount_12_months_cny,
       a.last_contact_on, a.stage
FROM account a
LEFT JOIN related r USING (golden_id)
LEFT JOIN known k USING (golden_id)
LEFT JOIN served s USING (golden_id)
ORDER BY a.cars_owned DESC, a.golden_id
