-- What kin are found by, of the file as it was. In: temp changed, the former tables of the file, the
-- store as it is now. Out: temp told_before (kind, value), owner_before (golden_id).
CREATE OR REPLACE TEMP TABLE told_before AS
WITH mine AS (
    FROM pii.customer_record WHERE golden_id IN (SELECT key FROM changed WHERE kind = 'golden_id')
), was_generic AS (
    SELECT held AS value FROM pii.generic_value WHERE column_name = 'phones' AND verdict = 'generic'
), is_generic AS (
    SELECT value FROM store.generic_value WHERE column_name = 'phones' AND verdict = 'generic'
)
SELECT 'phone' AS kind, unnest(phones) AS value FROM mine
UNION SELECT 'home', address FROM mine WHERE address_is_home
-- what has become generic, or is no longer
UNION SELECT 'phone', value FROM (
    (FROM was_generic EXCEPT FROM is_generic) UNION (FROM is_generic EXCEPT FROM was_generic));

CREATE OR REPLACE TEMP TABLE owner_before AS
SELECT DISTINCT golden_id FROM bridge_ownership
WHERE vehicle_id IN (SELECT key FROM changed WHERE kind = 'vehicle_id');
