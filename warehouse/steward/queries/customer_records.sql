SELECT source, outlet_code, source_key, record_key, match_weight, since_run
FROM customer_xref WHERE golden_id = $golden_id ORDER BY record_key
