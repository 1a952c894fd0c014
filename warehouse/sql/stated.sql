-- What the records of renewed customers say of them: one row for each record and attribute.
-- In: record, member, generic_value, temp renewed, chosen_value.
-- validity: 2 valid as typed, 1 repaired, 0 partial. A generic phone is nobody's.
CREATE OR REPLACE TEMP TABLE stated AS
WITH told AS (
    SELECT m.golden_id, r.*,
           coalesce(updated_on, visited_on, sold_on, file_date) AS as_of
    FROM record r JOIN (FROM member WHERE golden_id IN (FROM renewed)) m USING (record_key)
), generic AS (
    SELECT value FROM generic_value WHERE column_name = 'phones' AND verdict = 'generic'
), phone AS (
    SELECT golden_id, record_key, source, outlet_code, department, as_of,
           CASE phone_status WHEN 'ok' THEN 2 ELSE 1 END AS validity, unnest(phones) AS value
    FROM told
)
SELECT golden_id, attribute, value, validity, source, outlet_code, department, record_key, as_of
FROM (
    SELECT golden_id, 'name' AS attribute, name AS value,
           CASE name_status WHEN 'ok' THEN 2 WHEN 'repaired' THEN 1 ELSE 0 END AS validity,
           source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'sex', coalesce(id_number_sex, sex, name_sex),
           CASE WHEN id_number_sex IS NOT NULL THEN 2 WHEN sex IS NOT NULL THEN 1 ELSE 0 END,
           source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'birth_date', CAST(coalesce(id_number_birth_date, birth_date) AS VARCHAR),
           CASE WHEN id_number_birth_date IS NOT NULL THEN 2 ELSE 1 END,
           source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'id_number', id_number, CASE id_number_status WHEN 'ok' THEN 2 ELSE 1 END,
           source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'phone', value, validity,
           source, outlet_code, department, record_key, as_of FROM phone
    WHERE value NOT IN (SELECT value FROM generic)
    UNION ALL
    SELECT golden_id, 'email', email, CASE email_status WHEN 'ok' THEN 2 ELSE 1 END,
           source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'address', address,
           CASE address_status WHEN 'ok' THEN 2 WHEN 'repaired' THEN 1 ELSE 0 END,
           source, outlet_code, department, record_key, as_of FROM told
)
WHERE value IS NOT NULL;

-- What stewards have chosen, of two choices for one customer the newer.
CREATE OR REPLACE TEMP TABLE steward_value AS
SELECT golden_id, attribute, value, record_key, CAST(decided_at AS DATE) AS as_of
FROM chosen_value JOIN member USING (record_key) WHERE golden_id IN (FROM renewed)
QUALIFY row_number() OVER (PARTITION BY golden_id, attribute ORDER BY decided_at DESC, number DESC) = 1;
