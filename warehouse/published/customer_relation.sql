-- Who is how related to whom: related customers are not the same customer.
-- @scope golden_id, other_id
-- @kin
-- @key golden_id, other_id, kind
-- @reference golden_id dim_customer
-- @reference other_id dim_customer
-- @reads customer_record, generic_value, bridge_ownership
-- @column golden_id The one customer
-- @column other_id The other; of a household, each pair stands there from both sides
-- @column kind household (two people of one home, or of one number who also have records on the same car: a number alone goes on to strangers), driver_of (brings a car of other_id, who is no relative), contact_of (a dealer keeps him as the contact for a car of the company other_id, or he gives its number), branch_of (other_id is the company, golden_id its branch), previous_owner (golden_id owned a car that other_id owned next)
-- @column evidence What tells it, by comma: phone, address, car, name
-- @column records Records, cars or values that tell it
WITH person AS (
    SELECT golden_id FROM pii.dim_customer WHERE kind <> 'company'
), company AS (
    SELECT golden_id FROM pii.dim_customer WHERE kind = 'company'
), told AS (
    SELECT golden_id, source, visited_on, updated_on, sold_on, vehicle_id, phones, address,
           address_is_home, company_key, company_branch
    FROM pii.customer_record
), number AS (
    SELECT DISTINCT golden_id, value FROM (SELECT golden_id, unnest(phones) AS value FROM told)
    ANTI JOIN (SELECT held AS value FROM pii.generic_value
               WHERE column_name = 'phones' AND verdict = 'generic') USING (value)
), held AS (
    SELECT golden_id, 'phone' AS evidence, value FROM number
    UNION ALL
    SELECT DISTINCT golden_id, 'address', address FROM told SEMI JOIN person USING (golden_id)
    WHERE address_is_home
), shared AS (
    -- more than a household can hold is an office's number, or a building's address
    SELECT evidence, value FROM held GROUP BY evidence, value HAVING count(*) BETWEEN 2 AND 6
), tied AS (
    SELECT a.golden_id, b.golden_id AS other_id, evidence, count(*) AS records
    FROM held a JOIN held b USING (evidence, value) SEMI JOIN shared USING (evidence, value)
    WHERE a.golden_id <> b.golden_id GROUP BY ALL
), keeper AS (
    SELECT DISTINCT vehicle_id, golden_id FROM told WHERE vehicle_id IS NOT NULL
), common AS (
    -- what hundreds bring is no car, but a VIN that was typed to satisfy a form
    SELECT vehicle_id FROM keeper GROUP BY vehicle_id HAVING count(*) BETWEEN 2 AND 100
), met AS (
    SELECT DISTINCT a.golden_id, b.golden_id AS other_id
    FROM keeper a JOIN keeper b USING (vehicle_id) SEMI JOIN common USING (vehicle_id)
    WHERE a.golden_id <> b.golden_id
), household AS (
    SELECT golden_id, other_id, 'household' AS kind,
           string_agg(evidence, ', ' ORDER BY evidence DESC) AS evidence, sum(records) AS records
    FROM tied WHERE golden_id IN (FROM person) AND other_id IN (FROM person)
    GROUP BY golden_id, other_id
    HAVING bool_or(evidence = 'address') OR (golden_id, other_id) IN (FROM met)
), used AS (
    -- whoever has a record on a car that was another's on that day
    SELECT t.golden_id, b.golden_id AS other_id, t.source, count(*) AS records
    FROM told t JOIN bridge_ownership b ON b.vehicle_id = t.vehicle_id
        AND b.golden_id <> t.golden_id
        AND coalesce(t.visited_on, t.updated_on, t.sold_on) >= b.owned_from
        AND (b.owned_to IS NULL OR coalesce(t.visited_on, t.updated_on, t.sold_on) < b.owned_to)
    WHERE t.source <> 'hq' GROUP BY ALL
), related AS (
    FROM household
    UNION ALL
    SELECT golden_id, other_id, 'driver_of', 'car', records
    FROM used ANTI JOIN household USING (golden_id, other_id)
    WHERE source = 'station' AND golden_id IN (FROM person)
    UNION ALL
    SELECT golden_id, other_id, 'contact_of', string_agg(evidence, ', ' ORDER BY evidence DESC),
           sum(records)
    FROM (SELECT golden_id, other_id, 'car' AS evidence, records FROM used WHERE source = 'dealer'
          UNION ALL SELECT golden_id, other_id, evidence, records FROM tied)
    WHERE golden_id IN (FROM person) AND other_id IN (FROM company)
    GROUP BY golden_id, other_id
    UNION ALL
    SELECT b.golden_id, c.golden_id, 'branch_of', 'name', count(*)
    FROM (SELECT DISTINCT golden_id, split_part(company_key, '@', 1) AS company_key FROM told
          WHERE company_branch IS NOT NULL) b
    JOIN (SELECT DISTINCT golden_id, company_key FROM told WHERE company_branch IS NULL) c
        USING (company_key)
    WHERE b.golden_id <> c.golden_id GROUP BY b.golden_id, c.golden_id
    UNION ALL
    SELECT p.golden_id, n.golden_id, 'previous_owner', 'car', count(*)
    FROM bridge_ownership p JOIN bridge_ownership n
        ON n.vehicle_id = p.vehicle_id AND n.owner_no = p.owner_no + 1
    WHERE n.golden_id <> p.golden_id GROUP BY p.golden_id, n.golden_id
)
SELECT golden_id, other_id, kind, evidence, CAST(records AS BIGINT) AS records
FROM related
ORDER BY golden_id, other_id, kind
