-- Files that were set aside, or wait, the newest first.
SELECT path, source, outlet_code, file_date, status, reason, bytes, arrived_at
FROM dq_file
WHERE status IN ('broken', 'waiting', 'dropped') AND rolled_back_run IS NULL
  AND ($outlets IS NULL OR list_contains($outlets, outlet_code))
  AND ($outlet = '' OR outlet_code = $outlet)
ORDER BY arrived_at DESC, path LIMIT $limit
