-- Who holds a number, and of whom it may be all that holds records together: those of his records
-- that have it share neither an id number nor a car.
WITH holding AS (
    SELECT golden_id, record_key, outlet_code, id_number, vehicle_id
    FROM pii.customer_record WHERE list_contains(phones, $number)
), holder AS (
    SELECT golden_id, count(*) AS records,
           count(*) = count(id_number) AND count(DISTINCT id_number) = 1
               OR count(*) = count(vehicle_id) AND count(DISTINCT vehicle_id) = 1 AS is_held
    FROM holding GROUP BY golden_id
)
SELECT (SELECT count(*) FROM holder) AS customers, (SELECT count(*) FROM holding) AS records,
       (SELECT count(DISTINCT nullif(outlet_code, '')) FROM holding) AS outlets,
       (SELECT count(*) FROM pii.attribute_lineage
        WHERE attribute = 'phone' AND chosen AND value = $number) AS golden,
       (SELECT count(*) FROM holder WHERE records > 1 AND NOT is_held) AS apart
