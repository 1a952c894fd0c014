-- What records say of some customers: a row for each value of an attribute, the golden ones first,
-- and for what was typed but could not be used.
WITH said AS (
    FROM pii.customer_record WHERE golden_id IN (SELECT unnest($ids))
), told AS (
    SELECT golden_id, 'name' AS attribute, name AS value, name_typed AS typed, name_status AS status
    FROM said
    UNION ALL SELECT golden_id, 'phone', unnest(phones), NULL, phone_status FROM said
    UNION ALL SELECT golden_id, 'phone', NULL, phone_typed, phone_status FROM said
    WHERE coalesce(len(phones), 0) = 0
    UNION ALL SELECT golden_id, 'id_number', id_number, id_number_typed, id_number_status FROM said
    UNION ALL SELECT golden_id, 'address', address, address_typed, address_status FROM said
    UNION ALL SELECT golden_id, 'email', email, email_typed, email_status FROM said
), best AS (
    SELECT golden_id, attribute, value,
           min(list_position(['ok', 'repaired', 'partial'], status)) AS place
    FROM told WHERE value IS NOT NULL GROUP BY golden_id, attribute, value
)
SELECT l.golden_id, l.attribute, l.value, l.chosen, l.rule, l.records,
       coalesce(['ok', 'repaired', 'partial'][b.place], 'ok') AS status,
       coalesce(p.shared_by, 0) AS others, g.verdict
FROM pii.attribute_lineage l
LEFT JOIN best b USING (golden_id, attribute, value)
LEFT JOIN pii.customer_phone p
    ON l.attribute = 'phone' AND p.golden_id = l.golden_id AND p.phone = l.value
LEFT JOIN pii.generic_value g
    ON l.attribute = 'phone' AND g.column_name = 'phones' AND g.held = l.value
WHERE l.golden_id IN (SELECT unnest($ids))
UNION ALL
SELECT golden_id, attribute, typed, false, NULL, count(*), status, 0, NULL
FROM told WHERE value IS NULL AND typed <> '' GROUP BY ALL
ORDER BY golden_id, attribute, chosen DESC, records DESC, value
