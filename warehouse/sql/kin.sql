-- Whose rows of kin may be others than before, and what these follow from.
-- In: temp changed, told_before, owner_before; of the file customer_phone as it was, and the other
-- tables as they are now. Out: temp kin (golden_id), near (golden_id), near_vehicle (vehicle_id).
-- A number or a home ties no more than 6, and a car no more than 100 (customer_relation): two whom
-- nothing has changed for are tied or parted by others only as these come and go about that many.
CREATE OR REPLACE TEMP VIEW holding AS
SELECT 'phone' AS kind, unnest(phones) AS value, golden_id FROM pii.customer_record
UNION ALL SELECT 'home', address, golden_id FROM pii.customer_record WHERE address_is_home;

CREATE OR REPLACE TEMP TABLE kin AS
WITH mine AS (
    SELECT key AS golden_id FROM changed WHERE kind = 'golden_id'
), car AS (
    SELECT key AS vehicle_id FROM changed WHERE kind = 'vehicle_id'
), told AS (
    FROM told_before
    UNION SELECT kind, value FROM holding WHERE golden_id IN (FROM mine)
), holder AS (
    SELECT DISTINCT kind, value, golden_id FROM holding SEMI JOIN told USING (kind, value)
    WHERE golden_id NOT IN (FROM mine) AND (kind = 'phone' OR golden_id NOT IN (
        SELECT golden_id FROM pii.dim_customer WHERE kind = 'company'))
), keeper AS (
    SELECT DISTINCT vehicle_id, golden_id FROM pii.customer_record SEMI JOIN car USING (vehicle_id)
    WHERE golden_id NOT IN (FROM mine)
)
FROM mine
UNION FROM owner_before
UNION SELECT golden_id FROM bridge_ownership SEMI JOIN car USING (vehicle_id)
-- how many others give the number
UNION SELECT golden_id FROM pii.customer_phone
WHERE phone IN (SELECT value FROM told WHERE kind = 'phone')
UNION SELECT golden_id FROM (
    FROM holder QUALIFY count(*) OVER (PARTITION BY kind, value) BETWEEN 2 AND 6)
UNION SELECT golden_id FROM (
    FROM keeper QUALIFY count(*) OVER (PARTITION BY vehicle_id) BETWEEN 2 AND 100);

CREATE OR REPLACE TEMP TABLE near_vehicle AS
SELECT vehicle_id FROM pii.customer_record SEMI JOIN kin USING (golden_id)
WHERE vehicle_id IS NOT NULL
UNION SELECT vehicle_id FROM bridge_ownership SEMI JOIN kin USING (golden_id)
UNION SELECT key FROM changed WHERE kind = 'vehicle_id';

CREATE OR REPLACE TEMP TABLE near AS
WITH told AS (
    SELECT kind, value FROM holding SEMI JOIN kin USING (golden_id)
    -- the dealer's own number ties nobody
    WHERE kind <> 'phone' OR value NOT IN (SELECT held FROM pii.generic_value
        WHERE column_name = 'phones' AND verdict = 'generic')
    UNION SELECT 'phone', value FROM pii.attribute_lineage SEMI JOIN kin USING (golden_id)
    WHERE attribute = 'phone'
), called AS (
    SELECT DISTINCT split_part(company_key, '@', 1) AS name
    FROM pii.customer_record SEMI JOIN kin USING (golden_id) WHERE company_key IS NOT NULL
)
FROM kin
UNION SELECT golden_id FROM holding SEMI JOIN told USING (kind, value)
UNION SELECT golden_id FROM pii.customer_record SEMI JOIN near_vehicle USING (vehicle_id)
UNION SELECT golden_id FROM pii.customer_record
WHERE company_key IS NOT NULL AND split_part(company_key, '@', 1) IN (FROM called);

DROP VIEW temp.holding;
