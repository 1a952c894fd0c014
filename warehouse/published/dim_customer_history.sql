-- One row per customer and time in which the golden values were the same (type 2).
-- @scope golden_id
-- @key golden_id, from_run
-- @volatile valid_from, valid_to
-- @reference from_run run
-- @reference to_run run
-- @column golden_id Stable id of the customer; may be retired now
-- @column kind person or company; unknown where no record tells
-- @column name Name as the customer writes it @personal
-- @column sex M or F, from id number, title or entry @personal
-- @column birth_date Date of birth, from the id number or as typed @personal
-- @column id_number Resident id, permit, passport or company code @sensitive
-- @column phone Main telephone number, E.164 @personal
-- @column email E-mail address @personal
-- @column address Address @personal
-- @column from_run First run with these values
-- @column to_run Run that ended them; null while they last
-- @column valid_from When from_run was complete, Shanghai time
-- @column valid_to When to_run was complete; null while they last
-- @column is_current Whether these are the values of dim_customer
SELECT golden_id, kind, name, sex, birth_date, id_number, phone, email, address,
       since_run AS from_run, to_run, f.finished_at AS valid_from, t.finished_at AS valid_to,
       to_run IS NULL AS is_current
FROM (
    SELECT *, NULL AS to_run FROM store.customer
    UNION ALL BY NAME FROM store.customer_past
)
JOIN store.run f ON f.run_id = since_run
LEFT JOIN store.run t ON t.run_id = to_run
ORDER BY golden_id, from_run
