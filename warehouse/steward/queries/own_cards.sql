-- What outlets in scope tell of some customers, of those alone of whom others tell, too; the newest first.
WITH said AS (
    SELECT golden_id, name, phones, address, id_number, plate, vehicle_id, outlet_code, list_contains($outlets, outlet_code) AS is_own,
           coalesce(visited_on, sold_on, updated_on) AS day
    FROM pii.customer_record WHERE golden_id IN (SELECT unnest($ids))
)
SELECT golden_id, count(*) FILTER (is_own) AS records,
       coalesce(list(name ORDER BY day DESC NULLS LAST, name)
           FILTER (is_own AND name IS NOT NULL), []) AS names,
       coalesce(flatten(list(phones ORDER BY day DESC NULLS LAST, phones)
           FILTER (is_own AND phones IS NOT NULL)), []) AS phones,
       coalesce(list(address ORDER BY day DESC NULLS LAST, address)
           FILTER (is_own AND address IS NOT NULL), []) AS addresses,
       list(DISTINCT id_number) FILTER (is_own AND id_number IS NOT NULL) AS id_numbers,
       list(DISTINCT plate) FILTER (is_own AND plate IS NOT NULL) AS plates,
       -- of a car whose VIN is known, it is the VIN
       list(DISTINCT vehicle_id) FILTER (is_own AND vehicle_id IS NOT NULL) AS vins,
       max(day) FILTER (is_own) AS last_on,
       arg_max(outlet_code, day) FILTER (is_own AND day IS NOT NULL) AS last_outlet
FROM said GROUP BY golden_id HAVING NOT bool_and(is_own)
