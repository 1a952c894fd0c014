-- How right published values are. In: the warehouse as `warehouse`; `record`, `value`, `entity` and
-- `ownership` of the sample's truth, their latest state. Out: `measured` (name, count, right_count).
-- Of what is true, only what some record tells can be known: the counts are of that.

-- Whose records a golden id mostly has.
CREATE TEMP TABLE who AS
SELECT golden_id, mode(entity_id ORDER BY entity_id) AS entity_id, count(*) AS records
FROM warehouse.customer_xref x JOIN record r ON r.source = x.source AND r.source_key = x.source_key
    AND (r.source = 'hq' OR r.outlet_code = x.outlet_code)
GROUP BY golden_id;

CREATE TEMP TABLE typed AS
SELECT r.entity_id, r.vehicle_id, r.relation, v.*
FROM record r JOIN value v USING (source, outlet_code, source_key);

CREATE TEMP MACRO digits(text) AS regexp_replace(text, '[^0-9]', '', 'g');

-- Records in which the VIN was typed, or the end that tells a car: under a new plate, six digits are
-- any car's.
CREATE TEMP TABLE named AS
FROM typed SEMI JOIN (
    SELECT source, outlet_code, source_key FROM typed
    WHERE field = 'vin' AND channel NOT SIMILAR TO '.*(placeholder|engine_number|last_6).*'
) USING (source, outlet_code, source_key);

-- Of cars whose whole VIN somebody typed.
CREATE TEMP TABLE owned AS
SELECT o.*, (vehicle_id, entity_id) IN
       (SELECT vehicle_id, entity_id FROM named WHERE relation = 'owner') AS told,
       (vehicle_id, plate) IN (SELECT vehicle_id, true_value FROM named
                                 WHERE field = 'plate' AND channel <> 'no_province')
           AS plate_told
FROM ownership o SEMI JOIN warehouse.pii.dim_vehicle d ON d.vin = o.vin;

CREATE TEMP TABLE claimed AS
SELECT (SELECT any_value(o.vehicle_id) FROM owned o WHERE o.vin = b.vehicle_id) AS vehicle_id,
       entity_id, owner_no, owned_from, owned_to
FROM warehouse.bridge_ownership b JOIN who USING (golden_id);

CREATE TEMP TABLE transfer AS
SELECT o.*, EXISTS (FROM claimed c WHERE c.vehicle_id = o.vehicle_id AND c.entity_id = o.entity_id
                    AND c.owner_no > 1 AND c.owned_from >= o.owned_from) AS found
FROM owned o WHERE how = 'transfer';

CREATE TEMP TABLE judged AS
SELECT c.name, e.name AS true_name, c.phone, digits(e.phone) AS true_phone, t.names, t.phones
FROM warehouse.pii.dim_customer c JOIN who USING (golden_id) JOIN entity e USING (entity_id)
JOIN (SELECT entity_id, list(typed_value) FILTER (field = 'name') AS names,
             list(digits(typed_value)) FILTER (field = 'phone') AS phones
      FROM typed GROUP BY entity_id) t USING (entity_id)
WHERE who.records > 1;

CREATE TEMP TABLE measured AS
SELECT 'transfers_found' AS name, count(*) AS count, count(*) FILTER (found) AS right_count
FROM transfer WHERE told
UNION ALL
SELECT 'transfers_of_all', count(*), count(*) FILTER (found) FROM transfer
UNION ALL
SELECT 'transfers_claimed', count(*), count(*) FILTER (EXISTS (
    FROM transfer t WHERE t.vehicle_id = c.vehicle_id AND t.entity_id = c.entity_id
        AND t.owned_from <= c.owned_from))
FROM claimed c WHERE owner_no > 1 AND vehicle_id IS NOT NULL
UNION ALL
SELECT 'present_owner', count(*), count(*) FILTER (o.entity_id = c.entity_id)
FROM owned o LEFT JOIN claimed c ON c.vehicle_id = o.vehicle_id AND c.owned_to IS NULL
WHERE o.owned_to IS NULL AND told
UNION ALL
SELECT 'present_plate', count(*), count(*) FILTER (o.plate = d.plate)
FROM owned o LEFT JOIN warehouse.pii.dim_vehicle d ON d.vehicle_id = o.vin
WHERE o.owned_to IS NULL AND plate_told
UNION ALL
SELECT 'name', count(*), count(*) FILTER (half_width(name) = half_width(true_name))
FROM judged WHERE list_contains(names, true_name)
UNION ALL
SELECT 'name_of_all', count(*), count(*) FILTER (half_width(name) = half_width(true_name)) FROM judged
UNION ALL
SELECT 'phone', count(*), count(*) FILTER (ends_with(digits(phone), ltrim(true_phone, '0')))
FROM judged WHERE list_contains(phones, true_phone)
UNION ALL
SELECT 'phone_of_all', count(*), count(*) FILTER (ends_with(digits(phone), ltrim(true_phone, '0')))
FROM judged WHERE true_phone <> '';
