-- How good the data of each outlet are: filled, usable, entered twice, late.
-- @key source, outlet_code
-- @reads dq_field, dq_file, dq_held_row, customer_xref, run
-- @column source hq, dealer or station
-- @column outlet_code The outlet; for hq empty
-- @column records Records of it
-- @column filled Of the fields that it has, the share in which anything is typed, over all records
-- @column usable Of what is typed, the share that is understood, as typed or after a correction
-- @column name_usable Of all records, the share with a usable name
-- @column phone_usable ... with a usable phone
-- @column id_number_usable ... with a usable id number
-- @column vin_usable ... with a usable VIN
-- @column plate_usable ... with a usable plate
-- @column duplicates Records of a dealer beyond the first of each customer; null at stations and HQ, where each is a visit or a sale
-- @column duplicate_share Of its records
-- @column held_rows Rows that could not be used
-- @column bad_files Files that were set aside
-- @column last_file_on Day of its last file whose rows are in the warehouse
-- @column days_late Days from it to the last run
WITH field AS (
    SELECT source, outlet_code, max(records) AS records,
           sum(filled) / nullif(sum(CASE WHEN filled > 0 THEN records END), 0) AS filled,
           sum(ok + repaired) / nullif(sum(filled), 0) AS usable,
           max(CASE WHEN field = 'name' THEN (ok + repaired) / records END) AS name_usable,
           max(CASE WHEN field = 'phone' THEN (ok + repaired) / records END) AS phone_usable,
           max(CASE WHEN field = 'id_number' THEN (ok + repaired) / records END) AS id_number_usable,
           max(CASE WHEN field = 'vin' THEN (ok + repaired) / records END) AS vin_usable,
           max(CASE WHEN field = 'plate' THEN (ok + repaired) / records END) AS plate_usable
    FROM dq_field GROUP BY source, outlet_code
), twice AS (
    SELECT source, outlet_code, count(*) - count(DISTINCT golden_id) AS duplicates
    FROM customer_xref WHERE source = 'dealer' GROUP BY source, outlet_code
), held AS (
    SELECT source, CASE WHEN source = 'hq' THEN '' ELSE outlet_code END AS outlet_code,
           count(*) AS held_rows
    FROM dq_held_row GROUP BY ALL
), sent AS (
    SELECT source, coalesce(outlet_code, '') AS outlet_code,
           count(*) FILTER (WHERE status = 'broken') AS bad_files,
           max(file_date) FILTER (WHERE status = 'taken' AND rolled_back_run IS NULL) AS last_file_on
    FROM dq_file GROUP BY ALL
)
SELECT f.source, f.outlet_code, f.records, f.filled, f.usable, f.name_usable, f.phone_usable,
       f.id_number_usable, f.vin_usable, f.plate_usable, t.duplicates,
       t.duplicates / f.records AS duplicate_share,
       coalesce(h.held_rows, 0) AS held_rows, coalesce(s.bad_files, 0) AS bad_files, s.last_file_on,
       (SELECT arg_max(day, run_id) FROM run) - s.last_file_on AS days_late
FROM field f
LEFT JOIN twice t ON t.source = f.source AND t.outlet_code = f.outlet_code
LEFT JOIN held h ON h.source = f.source AND h.outlet_code = f.outlet_code
LEFT JOIN sent s ON s.source = f.source AND s.outlet_code = f.outlet_code
