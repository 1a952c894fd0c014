-- What `warehouse/sql/stated.sql` reads, of the customers $ids alone, their records $keys put together
-- by $parts: the identity store's tables of these names, made of what is published. In: chosen_value.
CREATE OR REPLACE TEMP TABLE member AS
SELECT key AS record_key, part AS golden_id
FROM (SELECT unnest($keys) AS key, unnest($parts) AS part);

CREATE OR REPLACE TEMP TABLE record AS
SELECT * EXCLUDE (golden_id) FROM pii.customer_record
WHERE golden_id IN (SELECT unnest($ids));

CREATE OR REPLACE TEMP TABLE renewed AS SELECT DISTINCT golden_id FROM member;

CREATE OR REPLACE TEMP TABLE generic_value AS
SELECT column_name, held AS value, verdict FROM pii.generic_value;

-- a choice may be another customer's, who has more of its records
INSERT INTO member
SELECT record_key, golden_id FROM customer_xref
WHERE record_key IN (SELECT record_key FROM chosen_value)
    AND record_key NOT IN (SELECT unnest($keys));
