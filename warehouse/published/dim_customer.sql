-- One row per customer: a person or a company, with its golden values.
-- @key golden_id
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
SELECT m.golden_id,
       coalesce(mode(r.name_kind ORDER BY r.name_kind) FILTER (r.name_kind IN ('person', 'company')), 'unknown') AS kind,
       any_value(v.name) AS name,
       any_value(v.sex) AS sex,
       CAST(any_value(v.birth_date) AS DATE) AS birth_date,
       any_value(v.id_number) AS id_number,
       any_value(v.phone) AS phone,
       any_value(v.email) AS email,
       any_value(v.address) AS address,
       count(*) AS records,
       count(DISTINCT nullif(r.outlet_code, '')) AS outlets,
       count(DISTINCT rv.vehicle_id) AS vehicles,
       min(coalesce(r.visited_on, r.sold_on, r.updated_on, r.file_date)) AS first_seen_on,
       max(greatest(r.visited_on, r.sold_on, r.updated_on, r.file_date)) AS last_seen_on,
       any_value(g.minted_run) AS since_run
FROM store.member m
JOIN store.record r USING (record_key)
JOIN store.golden_id g USING (golden_id)
LEFT JOIN store.record_vehicle rv USING (record_key)
LEFT JOIN (
    PIVOT (SELECT golden_id, attribute, value FROM store.golden_value WHERE chosen)
    ON attribute IN ('name', 'sex', 'birth_date', 'id_number', 'phone', 'email', 'address')
    USING any_value(value) GROUP BY golden_id
) v USING (golden_id)
GROUP BY m.golden_id
ORDER BY m.golden_id
