-- The visitor's outlets with what they sent and how good it is.
SELECT o.outlet_code, o.kind, o.province, o.records, o.customers, o.held_rows, o.last_file_on,
       q.usable, q.phone_usable, q.duplicate_share, q.days_late, q.bad_files
FROM dim_outlet o LEFT JOIN mart_data_quality q
    ON q.outlet_code = o.outlet_code AND q.source <> 'hq'
WHERE ($outlets IS NULL OR list_contains($outlets, o.outlet_code))
  AND ($kind = '' OR o.kind = $kind) AND ($province = '' OR o.province = $province)
ORDER BY o.outlet_code
