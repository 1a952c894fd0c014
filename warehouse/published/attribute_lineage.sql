-- Where each golden value came from, and the values that lost.
-- @scope golden_id
-- @key golden_id, attribute, value
-- @reference golden_id dim_customer
-- @count golden_value
-- @column golden_id The customer
-- @column attribute name, sex, birth_date, id_number, phone, email or address
-- @column value A value that some record states @sensitive
-- @column chosen Whether it is the golden one
-- @column rule The criterion that set it above the next best value; steward where a steward chose it, only_value where there was no other
-- @column record_key The best record that states it; where none does, the one by which a steward named the customer
-- @column source Source of that record; steward where no record states it
-- @column as_of Day for which that record states it, or on which the steward did
-- @column records Records that state it
SELECT golden_id, attribute, value, chosen, rule, record_key, source, as_of, records
FROM store.golden_value
ORDER BY golden_id, attribute, value
