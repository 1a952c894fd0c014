SELECT o.*, q.usable, q.filled, q.name_usable, q.phone_usable, q.id_number_usable, q.vin_usable,
       q.plate_usable, q.duplicates, q.duplicate_share, q.bad_files, q.days_late
FROM dim_outlet o LEFT JOIN mart_data_quality q
    ON q.outlet_code = o.outlet_code AND q.source <> 'hq'
WHERE o.outlet_code = $outlet AND ($outlets IS NULL OR list_contains($outlets, $outlet))
