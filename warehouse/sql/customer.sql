-- The golden values of every customer, and those that were, of customers whose values changed.
-- In: record, member, temp renewed, golden_value; written: customer, customer_past.

CREATE OR REPLACE TEMP TABLE customer_now AS
SELECT m.golden_id,
       coalesce(mode(r.name_kind ORDER BY r.name_kind)
                FILTER (r.name_kind IN ('person', 'company')), 'unknown') AS kind,
       any_value(v.name) AS name,
       any_value(v.sex) AS sex,
       CAST(any_value(v.birth_date) AS DATE) AS birth_date,
       any_value(v.id_number) AS id_number,
       any_value(v.phone) AS phone,
       any_value(v.email) AS email,
       any_value(v.address) AS address
FROM (FROM member WHERE golden_id IN (FROM renewed)) m
JOIN record r USING (record_key)
LEFT JOIN (
    PIVOT (SELECT golden_id, attribute, value FROM golden_value WHERE chosen)
    ON attribute IN ('name', 'sex', 'birth_date', 'id_number', 'phone', 'email', 'address')
    USING any_value(value) GROUP BY golden_id
) v USING (golden_id)
GROUP BY m.golden_id;

CREATE OR REPLACE TEMP TABLE customer_over AS
SELECT * EXCLUDE (since_run) FROM customer WHERE golden_id IN (FROM renewed)
EXCEPT FROM customer_now;

CREATE OR REPLACE TEMP TABLE customer_new AS
FROM customer_now EXCEPT SELECT * EXCLUDE (since_run) FROM customer;

INSERT INTO customer_past BY NAME
SELECT *, $run_id AS to_run FROM customer SEMI JOIN customer_over USING (golden_id)
ORDER BY golden_id;

DELETE FROM customer WHERE golden_id IN (SELECT golden_id FROM customer_over);

INSERT INTO customer BY NAME
SELECT *, $run_id AS since_run FROM customer_new ORDER BY golden_id;
