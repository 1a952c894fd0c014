-- A customer as he stands: golden values, and what his cars and visits come to. today: as marts.
SELECT c.golden_id, c.kind, c.name, c.sex, c.birth_date, c.id_number, c.phone, c.email, c.address,
       c.records, c.outlets, c.since_run, m.cars_owned, m.visits, m.amount_cny,
       m.first_contact_on, m.last_contact_on, m.last_outlet, m.stage, m.next_event, m.next_event_on,
       (SELECT day FROM meta.version) AS today,
       EXISTS (FROM mart_key_accounts k WHERE k.golden_id = c.golden_id) AS is_key_account
FROM pii.dim_customer c JOIN mart_customer_360 m USING (golden_id)
WHERE c.golden_id = $golden_id
