SELECT phone, kind, first_seen_on, last_seen_on, outlets, records, shared_by
FROM pii.customer_phone WHERE golden_id = $golden_id ORDER BY rank
