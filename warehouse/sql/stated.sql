-- What the records of renewed customers say of them: one row for each record and attribute.
-- In: record, member, generic_value, temp renewed, chosen_value.
-- validity: 2 valid as typed, 1 repaired, 0 partial. fits: how much it is the kind of value that
-- such a customer has of his own. sense: what it means, however it is written. A generic phone is
-- nobody's.
CREATE OR REPLACE TEMP TABLE stated AS
WITH told AS (
    SELECT m.golden_id, r.*,
           coalesce(updated_on, visited_on, sold_on, file_date) AS as_of
    FROM record r JOIN (FROM member WHERE golden_id IN (FROM renewed)) m USING (record_key)
), company AS (
    SELECT golden_id FROM told WHERE name_kind IN ('person', 'company') GROUP BY golden_id
    HAVING mode(name_kind ORDER BY name_kind) = 'company'
), generic AS (
    SELECT value FROM generic_value WHERE column_name = 'phones' AND verdict = 'generic'
), phone AS (
    SELECT golden_id, record_key, source, outlet_code, department, as_of,
           CASE phone_status WHEN 'ok' THEN 2 ELSE 1 END AS validity, value,
           -- a person's own is a mobile; a company's is a fixed line, and a mobile its contact's
           ((value SIMILAR TO '\+861[3-9]\d{9}') <> (golden_id IN (FROM company)))::INT AS fits
    FROM (SELECT *, unnest(phones) AS value FROM told)
    WHERE value NOT IN (SELECT value FROM generic)
), number AS (
    SELECT golden_id, value, count(*) AS times FROM phone GROUP BY golden_id, value
), slip AS (
    -- one digit beside a number that he gave more often
    SELECT n.golden_id, n.value, arg_max(o.value, (o.times, o.value)) AS sense
    FROM number n JOIN number o ON o.golden_id = n.golden_id AND o.times > n.times
        AND damerau_levenshtein(o.value, n.value) = 1
    GROUP BY n.golden_id, n.value
)
SELECT golden_id, attribute, value, coalesce(sense, value) AS sense, validity, fits, source,
       outlet_code, department, record_key, as_of
FROM (
    -- 刘先生 tells the surname alone, and stands as typed where nobody knows more
    SELECT golden_id, 'name' AS attribute,
           CASE name_reason WHEN 'surname_with_title' THEN name || name_title
                            WHEN 'nickname' THEN trim(name_typed) ELSE name END AS value,
           name_fold AS sense,
           CASE name_status WHEN 'ok' THEN 2 WHEN 'repaired' THEN 1 ELSE 0 END AS validity,
           -- a company's legal name says its form, and mostly its place; 古丽娜尔·顿珠 is whole with
           -- the father's name; pinyin is what a program could not write
           CASE WHEN name_kind = 'company'
                THEN (company_legal_form IS NOT NULL)::INT * 2 + (company_region IS NOT NULL)::INT
                ELSE (name_script IS DISTINCT FROM 'latin')::INT * 2 + contains(name, '·')::INT
                END AS fits,
           source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'sex', coalesce(id_number_sex, sex, name_sex), NULL,
           CASE WHEN id_number_sex IS NOT NULL THEN 2 WHEN sex IS NOT NULL THEN 1 ELSE 0 END,
           1, source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'birth_date', CAST(coalesce(id_number_birth_date, birth_date) AS VARCHAR),
           NULL, CASE WHEN id_number_birth_date IS NOT NULL THEN 2 ELSE 1 END,
           1, source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'id_number', id_number, NULL,
           CASE id_number_status WHEN 'ok' THEN 2 ELSE 1 END,
           1, source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'phone', value, sense, validity, fits,
           source, outlet_code, department, record_key, as_of
    FROM phone LEFT JOIN slip USING (golden_id, value)
    UNION ALL
    SELECT golden_id, 'email', email, NULL, CASE email_status WHEN 'ok' THEN 2 ELSE 1 END,
           1, source, outlet_code, department, record_key, as_of FROM told
    UNION ALL
    SELECT golden_id, 'address', address, NULL,
           CASE address_status WHEN 'ok' THEN 2 WHEN 'repaired' THEN 1 ELSE 0 END,
           1, source, outlet_code, department, record_key, as_of FROM told
)
WHERE value IS NOT NULL;

-- What stewards have chosen: each choice is the customer's who has most of its records, and of two
-- choices for one customer the newer counts.
CREATE OR REPLACE TEMP TABLE steward_value AS
WITH held AS (
    SELECT place, golden_id, attribute, value, decided_at, min(record_key) AS record_key,
           count(*) AS records
    FROM chosen_value JOIN member USING (record_key) GROUP BY ALL
), given AS (
    FROM held
    QUALIFY row_number() OVER (PARTITION BY place ORDER BY records DESC, record_key) = 1
)
SELECT golden_id, attribute, value, record_key, CAST(decided_at AS DATE) AS as_of
FROM given WHERE golden_id IN (FROM renewed)
QUALIFY row_number() OVER (PARTITION BY golden_id, attribute ORDER BY place DESC) = 1;
