-- The data of each source and outlet.
SELECT source, outlet_code AS outlet, records, filled, usable, name_usable, phone_usable,
       id_number_usable, vin_usable, plate_usable, duplicates, duplicate_share, held_rows, bad_files,
       last_file_on, days_late
FROM mart_data_quality ORDER BY source, outlet_code
