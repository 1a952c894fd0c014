-- One row per customer with a contact: recency, frequency and money, and the share of revenue by decile.
-- @key golden_id
-- @stored
-- @reference golden_id dim_customer
-- @reads mart_customer_360, run
-- @column golden_id The customer
-- @column recency_days Days from the last contact to the last run
-- @column frequency Purchases and service visits, ever
-- @column amount_cny What was invoiced at the visits to which the customer brought a car: what cars cost is not told by any source
-- @column r 5 for the fifth of customers that was in contact last, to 1; as f and m, ties by golden_id
-- @column f 5 for the fifth that came most often, to 1
-- @column m 5 for the fifth that was invoiced most, to 1
-- @column segment champion (r and f of 4 or 5), loyal (f of 4 or 5, r of 3), at_risk (f of 4 or 5, r of 1 or 2), recent (r of 4 or 5), fading (r of 2 or 3), gone
-- @column value_decile 1 for the tenth of customers that was invoiced most, to 10
-- @column decile_share Of all revenue, the share of this decile
WITH scored AS (
    SELECT golden_id, (SELECT arg_max(day, run_id) FROM run) - last_contact_on AS recency_days,
           cars_bought + visits AS frequency, amount_cny,
           ntile(5) OVER (ORDER BY last_contact_on, golden_id) AS r,
           ntile(5) OVER (ORDER BY cars_bought + visits, golden_id) AS f,
           ntile(5) OVER (ORDER BY amount_cny, golden_id) AS m,
           ntile(10) OVER (ORDER BY amount_cny DESC, golden_id) AS value_decile
    FROM mart_customer_360 WHERE last_contact_on IS NOT NULL
)
SELECT golden_id, recency_days, frequency, amount_cny, r, f, m,
       CASE WHEN f >= 4 AND r >= 4 THEN 'champion' WHEN f >= 4 AND r = 3 THEN 'loyal'
            WHEN f >= 4 THEN 'at_risk' WHEN r >= 4 THEN 'recent' WHEN r >= 2 THEN 'fading'
            ELSE 'gone' END AS segment,
       value_decile,
       coalesce(sum(amount_cny) OVER (PARTITION BY value_decile)
                / nullif(sum(amount_cny) OVER (), 0), 0) AS decile_share
FROM scored
ORDER BY golden_id
