-- Files of outlets in scope that are set aside, each with how many rows its outlet usually sends:
-- that many wait with it, but for a file that is empty.
SELECT md5(f.path || ' ' || f.file_id) AS name, f.path, f.source, f.outlet_code, f.file_date,
       f.status, f.reason, f.bytes, f.arrived_at,
       CASE WHEN f.reason = 'empty_file' THEN 0 ELSE coalesce(CAST(u.usual AS BIGINT), 0) END AS rows,
       o.province
FROM dq_file f
LEFT JOIN (
    SELECT source, outlet_code, median(row_count) AS usual FROM dq_file
    WHERE status = 'taken' GROUP BY source, outlet_code
) u USING (source, outlet_code)
LEFT JOIN dim_outlet o ON o.outlet_code = f.outlet_code
WHERE f.status IN ('broken', 'waiting', 'dropped') AND f.rolled_back_run IS NULL
    AND ($seen IS NULL OR list_contains($seen, f.outlet_code))
ORDER BY f.arrived_at DESC, f.path
