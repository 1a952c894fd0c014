-- In: own_record.
SELECT x.source, x.outlet_code, x.source_key, x.golden_id, x.record_key
FROM published.customer_xref x SEMI JOIN own_record USING (record_key)
ORDER BY x.record_key
