-- Who a customer is related to, told from his side.
SELECT other_id, kind, evidence, records FROM customer_relation WHERE golden_id = $golden_id
UNION ALL
SELECT golden_id, 'his_' || replace(kind, '_of', ''), evidence, records FROM customer_relation
WHERE other_id = $golden_id AND kind <> 'household'
ORDER BY kind, records DESC, other_id
