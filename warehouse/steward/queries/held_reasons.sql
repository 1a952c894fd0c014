SELECT reason, count(*) AS rows, count(DISTINCT outlet_code) AS outlets FROM dq_held_row
WHERE ($outlets IS NULL OR list_contains($outlets, outlet_code))
  AND ($outlet = '' OR outlet_code = $outlet)
GROUP BY reason ORDER BY rows DESC, reason
