-- Held rows of the visitor's outlets, the newest first, as the filters say.
SELECT path, source, outlet_code, file_date, sheet, row_number, reason, run_id
FROM dq_held_row
WHERE ($outlets IS NULL OR list_contains($outlets, outlet_code))
  AND ($outlet = '' OR outlet_code = $outlet) AND ($reason = '' OR reason = $reason)
ORDER BY run_id DESC, path, sheet, row_number LIMIT $limit OFFSET $offset
