-- Rows that could not be used at all: the quarantine.
-- @key file_id, sheet, row_number
-- @count held_row
-- @column file_id The file
-- @column path Its path below the landing folder
-- @column source hq, dealer or station
-- @column outlet_code The outlet
-- @column file_date Day for which the file was written
-- @column sheet Sheet of a workbook, or empty
-- @column row_number Row in the sheet, counted from 1
-- @column reason no_key: without a key of its own; nothing_identifying: no name, number, car or plate in it; erased: of a person who was erased; expired: past its period
-- @column run_id Run that held it
SELECT h.file_id, any_value(f.path) AS path, h.source, h.outlet_code, h.file_date, h.sheet,
       h.row_number, h.reason, h.run_id
FROM store.held_row h LEFT JOIN store.file f ON f.file_id = h.file_id AND f.status = 'taken'
GROUP BY ALL ORDER BY h.file_id, h.sheet, h.row_number
