-- What records say of some customers: a row for each value of an attribute, the golden ones first,
-- and for what was typed but could not be used.
WITH said AS (
    SELECT *, $seen IS NULL OR list_contains($seen, outlet_code) AS is_own
    FROM pii.customer_record WHERE golden_id IN (SELECT unnest($ids))
), told AS (
    SELECT golden_id, 'name' AS attribute, name AS value, name_typed AS typed, name_status AS status,
           is_own
    FROM said
    UNION ALL SELECT golden_id, 'phone', unnest(phones), NULL, phone_status, is_own FROM said
    UNION ALL SELECT golden_id, 'phone', NULL, phone_typed, phone_status, is_own FROM said
    WHERE coalesce(len(phones), 0) = 0
    UNION ALL
    SELECT golden_id, 'id_number', id_number, id_number_typed, id_number_status, is_own FROM said
    UNION ALL SELECT golden_id, 'address', address, address_typed, address_status, is_own FROM said
    UNION ALL SELECT golden_id, 'email', email, email_typed, email_status, is_own FROM said
    UNION ALL
    SELECT golden_id, 'sex', coalesce(id_number_sex, sex, name_sex), NULL, 'ok', is_own FROM said
    UNION ALL
    SELECT golden_id, 'birth_date', CAST(coalesce(id_number_birth_date, birth_date) AS VARCHAR),
           NULL, 'ok', is_own
    FROM said
), best AS (
    SELECT golden_id, attribute, value, bool_or(is_own) AS is_own,
           min(list_position(['ok', 'repaired', 'partial'], status)) AS place
    FROM told WHERE value IS NOT NULL GROUP BY golden_id, attribute, value
)
SELECT l.golden_id, l.attribute, l.value, l.chosen, l.rule, l.records,
       coalesce(['ok', 'repaired', 'partial'][b.place], 'ok') AS status,
       coalesce(p.shared_by, 0) AS others, g.verdict,
       coalesce(b.is_own, $seen IS NULL OR l.source = 'steward') AS is_own
FROM pii.attribute_lineage l
LEFT JOIN best b USING (golden_id, attribute, value)
LEFT JOIN pii.customer_phone p
    ON l.attribute = 'phone' AND p.golden_id = l.golden_id AND p.phone = l.value
LEFT JOIN pii.generic_value g
    ON l.attribute = 'phone' AND g.column_name = 'phones' AND g.held = l.value
WHERE l.golden_id IN (SELECT unnest($ids))
UNION ALL
SELECT golden_id, attribute, typed, false, NULL, count(*), status, 0, NULL, bool_or(is_own)
FROM told WHERE value IS NULL AND typed <> '' GROUP BY golden_id, attribute, typed, status
ORDER BY golden_id, attribute, chosen DESC, records DESC, value
