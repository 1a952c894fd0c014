-- The records of some customers, with what each says, as understood where that could be.
SELECT r.golden_id, r.record_key,
       $seen IS NULL OR list_contains($seen, r.outlet_code) AS is_own, r.source, r.outlet_code, r.department,
       coalesce(r.updated_on, r.visited_on, r.sold_on, r.file_date) AS day,
       coalesce(r.name, nullif(r.name_typed, '')) AS name,
       coalesce(r.phones, [nullif(r.phone_typed, '')]) AS phones,
       coalesce(r.id_number, nullif(r.id_number_typed, '')) AS id_number,
       coalesce(r.address, nullif(r.address_typed, '')) AS address, r.plate, r.vehicle_id
FROM pii.customer_record r
WHERE r.golden_id IN (SELECT unnest($ids))
ORDER BY r.golden_id, day DESC, r.record_key
