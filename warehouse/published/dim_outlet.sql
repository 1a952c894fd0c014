-- One row per outlet that sent a file or is named in a sale.
-- @key outlet_code
-- @reads customer_record
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
    SELECT outlet_code, min(source) AS source, count(*) AS customers,
           CAST(sum(records) AS BIGINT) AS records
    FROM (SELECT outlet_code, golden_id, min(source) AS source, count(*) AS records
          FROM pii.customer_record WHERE source <> 'hq' GROUP BY outlet_code, golden_id)
    GROUP BY outlet_code
), plated AS (
    SELECT outlet_code, plate_province AS province FROM store.record
    WHERE source <> 'hq' AND plate_province IS NOT NULL GROUP BY outlet_code, plate_province
    QUALIFY row_number() OVER (PARTITION BY outlet_code ORDER BY count(*) DESC, plate_province) = 1
), held AS (
    SELECT outlet_code, count(*) AS held_rows FROM store.held_row GROUP BY outlet_code
), sent AS (
    SELECT outlet_code, min(source) AS source, min(file_date) AS first_file_on,
           max(file_date) AS last_file_on
    FROM store.file WHERE status = 'taken' AND rolled_back_run IS NULL GROUP BY outlet_code
)
SELECT n.outlet_code,
       coalesce(own.source, sent.source, 'dealer') AS kind,
       plated.province,
       coalesce(own.records, 0) AS records,
       coalesce(own.customers, 0) AS customers,
       coalesce(held.held_rows, 0) AS held_rows,
       sent.first_file_on, sent.last_file_on
FROM named n
LEFT JOIN own USING (outlet_code)
LEFT JOIN plated USING (outlet_code)
LEFT JOIN held USING (outlet_code)
LEFT JOIN sent USING (outlet_code)
ORDER BY n.outlet_code
