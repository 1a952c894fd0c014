-- As the dashboard has it, of the visitor's outlets.
SELECT source, outlet_code AS outlet, records, filled, usable, name_usable, phone_usable,
       id_number_usable, vin_usable, plate_usable, duplicates, duplicate_share, held_rows, bad_files,
       last_file_on, days_late
FROM mart_data_quality
WHERE $outlets IS NULL OR list_contains($outlets, outlet_code)
ORDER BY source, outlet_code
