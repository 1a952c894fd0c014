-- The records of a customer, the newest first, with what each says as understood where that could
-- be; said: attribute -> values as understood, the text as typed, the status.
SELECT r.golden_id, r.record_key,
       $seen IS NULL OR list_contains($seen, r.outlet_code) AS is_own,
       r.source, r.outlet_code, r.department,
       coalesce(r.updated_on, r.visited_on, r.sold_on, r.file_date) AS day,
       coalesce(r.name, nullif(r.name_typed, '')) AS name,
       coalesce(r.phones, [nullif(r.phone_typed, '')]) AS phones,
       coalesce(r.id_number, nullif(r.id_number_typed, '')) AS id_number,
       coalesce(r.address, nullif(r.address_typed, '')) AS address, r.plate, r.vehicle_id,
       CASE WHEN visited_on IS NOT NULL THEN 'visit' WHEN sold_on IS NOT NULL THEN 'sale'
            WHEN updated_on IS NOT NULL THEN 'filed' END AS what,
       coalesce(r.visited_on, r.sold_on, r.updated_on) AS happened_on,
       {
           'name': row([r.name], r.name_typed, r.name_status),
           'phone': row(r.phones, r.phone_typed, r.phone_status),
           'id_number': row([r.id_number], r.id_number_typed, r.id_number_status),
           'address': row([r.address], r.address_typed, r.address_status),
           'email': row([r.email], r.email_typed, r.email_status),
           'sex': row([coalesce(r.id_number_sex, r.sex, r.name_sex)], NULL, 'ok'),
           'birth_date': row(
               [CAST(coalesce(r.id_number_birth_date, r.birth_date) AS VARCHAR)], NULL, 'ok')
       } AS said
FROM pii.customer_record r
WHERE r.golden_id = $golden_id
ORDER BY day DESC, r.record_key
