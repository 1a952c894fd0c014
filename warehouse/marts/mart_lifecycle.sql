-- How many customers are in which stage at the outlet that saw them last.
-- @key outlet_code, stage
-- @reads mart_customer_360
-- @column outlet_code Outlet of the last contact; empty where none has a day
-- @column stage As in mart_customer_360
-- @column customers Customers in this stage
-- @column share Of the outlet's customers
-- @column cars_owned Cars that they own now
-- @column amount_cny What was invoiced at the visits to which they brought a car, ever
WITH counted AS (
    SELECT coalesce(last_outlet, '') AS outlet_code, stage, count(*) AS customers,
           CAST(sum(cars_owned) AS BIGINT) AS cars_owned, sum(amount_cny) AS amount_cny
    FROM mart_customer_360 GROUP BY coalesce(last_outlet, ''), stage
)
SELECT outlet_code, stage, customers,
       customers / sum(customers) OVER (PARTITION BY outlet_code) AS share, cars_owned, amount_cny
FROM counted
