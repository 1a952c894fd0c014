-- What single records say, by attribute; and what was typed but could not be used.
WITH said AS (
    SELECT *, $seen IS NULL OR list_contains($seen, outlet_code) AS is_own
    FROM pii.customer_record WHERE record_key IN (SELECT unnest($keys))
), told AS (
    SELECT record_key, golden_id, 'name' AS attribute, name AS value, name_typed AS typed,
           name_status AS status
    FROM said
    UNION ALL SELECT record_key, golden_id, 'phone', unnest(phones), NULL, phone_status FROM said
    UNION ALL SELECT record_key, golden_id, 'phone', NULL, phone_typed, phone_status FROM said
    WHERE coalesce(len(phones), 0) = 0
    UNION ALL SELECT record_key, golden_id, 'id_number', id_number, id_number_typed, id_number_status
    FROM said
    UNION ALL SELECT record_key, golden_id, 'address', address, address_typed, address_status FROM said
    UNION ALL SELECT record_key, golden_id, 'email', email, email_typed, email_status FROM said
    UNION ALL SELECT record_key, golden_id, 'sex', sex, NULL, 'ok' FROM said
    UNION ALL SELECT record_key, golden_id, 'birth_date', CAST(birth_date AS VARCHAR), NULL, 'ok'
    FROM said
)
SELECT t.record_key, t.attribute, coalesce(t.value, t.typed) AS value, false AS chosen, NULL AS rule,
       1 AS records, t.status, coalesce(p.shared_by, 0) AS others, g.verdict,
       s.is_own
FROM told t JOIN said s USING (record_key)
LEFT JOIN pii.customer_phone p
    ON t.attribute = 'phone' AND p.golden_id = t.golden_id AND p.phone = t.value
LEFT JOIN pii.generic_value g
    ON t.attribute = 'phone' AND g.column_name = 'phones' AND g.held = t.value
WHERE coalesce(t.value, t.typed, '') <> ''
ORDER BY t.record_key, t.attribute, value
