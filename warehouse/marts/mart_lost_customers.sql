-- One row per customer who has been lost: no contact for $lifecycle_lost_days days.
-- @key golden_id
-- @reference golden_id dim_customer
-- @reads mart_customer_360, run
-- @column golden_id The customer
-- @column kind person or company; unknown where no record tells
-- @column name Name as the customer writes it, masked where it is a person's
-- @column phone Main telephone number, masked
-- @column last_outlet Outlet of the last contact
-- @column last_contact_on Day of it
-- @column days_since Days from it to the last run
-- @column cars_owned Cars that he still owns, as far as anybody knows
-- @column visits Service visits, ever
-- @column amount_cny What was invoiced at them, in yuan
SELECT golden_id, kind, name, phone, last_outlet, last_contact_on,
       (SELECT arg_max(day, run_id) FROM run) - last_contact_on AS days_since,
       cars_owned, visits, amount_cny
FROM mart_customer_360
WHERE stage = 'lost'
