-- The names of other customers, of those whom the visitor sees.
SELECT golden_id, name, kind FROM pii.dim_customer
WHERE golden_id IN (SELECT unnest($ids)) AND ($outlets IS NULL OR golden_id IN (
    SELECT golden_id FROM customer_xref
    WHERE golden_id IN (SELECT unnest($ids)) AND list_contains($outlets, outlet_code)))
