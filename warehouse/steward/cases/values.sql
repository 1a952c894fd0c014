-- What is known of a customer's values, the golden ones first; verdict: of a number that many hold.
SELECT l.attribute, l.value, l.chosen, l.rule, l.records, coalesce(p.shared_by, 0) AS others,
       p.verdict, l.source
FROM pii.attribute_lineage l
LEFT JOIN (
    SELECT p.phone, p.shared_by, g.verdict FROM pii.customer_phone p
    LEFT JOIN pii.generic_value g ON g.column_name = 'phones' AND g.held = p.phone
    WHERE p.golden_id = $golden_id
) p ON l.attribute = 'phone' AND p.phone = l.value
WHERE l.golden_id = $golden_id
ORDER BY l.attribute, l.chosen DESC, l.records DESC, l.value
