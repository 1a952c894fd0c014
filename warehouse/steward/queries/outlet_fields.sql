SELECT field, records, filled, ok, repaired, partial, placeholder, invalid
FROM dq_field WHERE outlet_code = $outlet AND source <> 'hq'
ORDER BY filled DESC, field
