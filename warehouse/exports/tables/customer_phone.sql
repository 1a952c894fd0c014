-- In: known. Numbers that they told; unless the role sees all, not who else knows them.
SELECT p.golden_id, p.phone, p.rank, p.kind
FROM published.pii.customer_phone p
JOIN known k ON k.golden_id = p.golden_id AND k.attribute = 'phone' AND k.value = p.phone
ORDER BY p.golden_id, p.rank
