-- Sales, visits and filings of some customers, and when each was, by car.
SELECT golden_id, vehicle_id, coalesce(visited_on, sold_on, updated_on) AS day,
       CASE WHEN visited_on IS NOT NULL THEN 'visit' WHEN sold_on IS NOT NULL THEN 'sale'
            ELSE 'filed' END AS what, source, outlet_code,
       $seen IS NULL OR list_contains($seen, outlet_code) AS is_own
FROM pii.customer_record
WHERE golden_id IN (SELECT unnest($ids)) AND coalesce(visited_on, sold_on, updated_on) IS NOT NULL
ORDER BY vehicle_id, day
