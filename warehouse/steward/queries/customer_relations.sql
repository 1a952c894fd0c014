-- Who a customer is related to, told from his side; is_seen: whether the visitor may see the other.
WITH related AS (
    SELECT other_id, kind, evidence, records FROM customer_relation WHERE golden_id = $golden_id
    UNION ALL
    SELECT golden_id, 'his_' || replace(kind, '_of', ''), evidence, records FROM customer_relation
    WHERE other_id = $golden_id AND kind <> 'household'
)
SELECT r.other_id, r.kind, r.evidence, r.records, c.name, c.kind AS other_kind,
       $outlets IS NULL OR EXISTS (
           FROM customer_xref x
           WHERE x.golden_id = r.other_id AND list_contains($outlets, x.outlet_code)) AS is_seen
FROM related r JOIN pii.dim_customer c ON c.golden_id = r.other_id
ORDER BY r.kind, r.records DESC, r.other_id
