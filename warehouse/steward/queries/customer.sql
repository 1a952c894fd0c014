-- A customer as he stands: golden values, and what his cars and visits come to. today: as marts.
SELECT c.*, m.*, (SELECT day FROM meta.version) AS today,
       EXISTS (FROM mart_key_accounts WHERE golden_id = $golden_id) AS is_key_account
FROM (FROM pii.dim_customer WHERE golden_id = $golden_id) c,
     (SELECT cars_owned, visits, amount_cny, first_contact_on, last_contact_on, last_outlet, stage,
             next_event, next_event_on
      FROM mart_customer_360 WHERE golden_id = $golden_id) m
