SELECT DISTINCT province FROM dim_outlet
WHERE province IS NOT NULL AND ($outlets IS NULL OR list_contains($outlets, outlet_code))
ORDER BY province
