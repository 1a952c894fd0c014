-- One row per customer: a person or a company, with its golden values.
-- @scope golden_id
-- @key golden_id
-- @count customer
-- @column golden_id Stable id of the customer; never reused, resolves for ever through golden_id_redirect
-- @column kind person or company; unknown where no record tells
-- @column name Name as the customer writes it @personal
-- @column sex M or F, from id number, title or entry @personal
-- @column birth_date Date of birth, from the id number or as typed @personal
-- @column id_number Resident id, permit, passport or company code @sensitive
-- @column phone Current main telephone number, E.164 @personal
-- @column email E-mail address @personal
-- @column address Current address @personal
-- @column records Source records that are this customer
-- @column outlets Outlets that know the customer
-- @column vehicles Cars that the customer's records tell of
-- @column first_seen_on Earliest day of any record
-- @column last_seen_on Latest day of any record
-- @column since_run Run in which the id was minted
SELECT c.golden_id, c.kind, c.name, c.sex, c.birth_date, c.id_number, c.phone, c.email, c.address,
       count(*) AS records,
       count(DISTINCT nullif(r.outlet_code, '')) AS outlets,
       count(DISTINCT rv.vehicle_id) AS vehicles,
       min(coalesce(r.visited_on, r.sold_on, r.updated_on, r.file_date)) AS first_seen_on,
       max(greatest(r.visited_on, r.sold_on, r.updated_on, r.file_date)) AS last_seen_on,
       any_value(g.minted_run) AS since_run
FROM store.customer c
JOIN store.member m USING (golden_id)
JOIN store.record r USING (record_key)
JOIN store.golden_id g USING (golden_id)
LEFT JOIN store.record_vehicle rv USING (record_key)
GROUP BY ALL
ORDER BY c.golden_id
