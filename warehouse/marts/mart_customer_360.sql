-- One row per customer: who, which cars, how much service, last contact, stage, and what comes next.
-- @key golden_id
-- @reference golden_id dim_customer
-- @reads mart_customer_activity, run
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
)
SELECT golden_id, kind, name, phone, cars_bought, cars_owned, bought_last_on, visits, amount_cny,
       first_contact_on, last_contact_on, last_outlet,
       CASE WHEN last_contact_on IS NULL THEN 'unknown'
            WHEN t.day - last_contact_on > $lifecycle_lost_days THEN 'lost'
            WHEN t.day - last_contact_on > $lifecycle_active_days THEN 'cooling'
            WHEN t.day - returned_on <= $lifecycle_active_days THEN 'returned'
            WHEN t.day - first_contact_on <= $lifecycle_new_days THEN 'new'
            ELSE 'active' END AS stage,
       CASE WHEN replacement_on <= t.day THEN 'replacement'
            WHEN service_on IS NOT NULL THEN 'service' END AS next_event,
       CASE WHEN replacement_on <= t.day THEN t.day
            ELSE greatest(service_on, CASE WHEN service_on IS NOT NULL THEN t.day END)
            END AS next_event_on
FROM mart_customer_activity CROSS JOIN today t
