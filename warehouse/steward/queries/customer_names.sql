SELECT name, kind, first_told_on, last_told_on, outlets, records
FROM pii.customer_name WHERE golden_id = $golden_id
ORDER BY array_position(['present', 'former', 'writing', 'other'], kind), records DESC, name
