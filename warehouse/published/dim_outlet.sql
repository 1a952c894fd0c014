-- One row per outlet that sent a file or is named in a sale.
-- @key outlet_code
-- @column outlet_code Code of the dealer or station
-- @column kind dealer or station
-- @column province Province character of the plates that it sees most
-- @column records Source records from the outlet itself
-- @column customers Customers that it knows, by its own records
-- @column held_rows Rows of it that could not be used
-- @column first_file_on Day of its first file
-- @column last_file_on Day of its last file
WITH named AS (
    SELECT DISTINCT outlet_code FROM store.record WHERE outlet_code <> ''
    UNION SELECT DISTINCT outlet_code FROM store.file
    WHERE outlet_code <> '' AND rolled_back_run IS NULL
), own AS (
    SELECT r.outlet_code, any_value(r.source) AS source, count(*) AS records,
           count(DISTINCT m.golden_id) AS customers, mode(r.plate_province ORDER BY r.plate_province) AS province
    FROM store.record r JOIN store.member m USING (record_key)
    WHERE r.source <> 'hq' GROUP BY r.outlet_code
), held AS (
    SELECT outlet_code, count(*) AS held_rows FROM store.held_row GROUP BY outlet_code
), sent AS (
    SELECT outlet_code, any_value(source) AS source, min(file_date) AS first_file_on,
           max(file_date) AS last_file_on
    FROM store.file WHERE status = 'taken' AND rolled_back_run IS NULL GROUP BY outlet_code
)
SELECT n.outlet_code,
       coalesce(own.source, sent.source, 'dealer') AS kind,
       own.province,
       coalesce(own.records, 0) AS records,
       coalesce(own.customers, 0) AS customers,
       coalesce(held.held_rows, 0) AS held_rows,
       sent.first_file_on, sent.last_file_on
FROM named n
LEFT JOIN own USING (outlet_code)
LEFT JOIN held USING (outlet_code)
LEFT JOIN sent USING (outlet_code)
ORDER BY n.outlet_code
