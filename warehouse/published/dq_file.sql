-- Every file that was found in the landing area, and what became of it.
-- @key path, file_id
-- @volatile arrived_at
-- @count file
-- @column path Below the landing folder
-- @column file_id SHA-256 of the content
-- @column source hq, dealer or station; empty where the place tells of none
-- @column outlet_code The outlet, if the place names one
-- @column file_date Day for which the file was written
-- @column status taken, duplicate, waiting, broken, replaced or dropped
-- @column reason Reason code, empty if taken
-- @column detail The reason as a sentence
-- @column duplicate_of Path under which the same content was taken in
-- @column bytes Size
-- @column row_count Rows read
-- @column held_rows Rows of it in quarantine
-- @column arrived_at When it was first seen, Shanghai time
-- @column loaded_run Run that loaded it
-- @column rolled_back_run Rollback that took its rows out of the store again
SELECT f.path, f.file_id, f.source, f.outlet_code, f.file_date, f.status, f.reason, f.detail,
       f.duplicate_of, f.bytes, f.row_count,
       CASE WHEN f.status = 'taken' THEN coalesce(h.held_rows, 0) ELSE 0 END AS held_rows,
       f.arrived_at, f.loaded_run, f.rolled_back_run
FROM store.file f
LEFT JOIN (SELECT file_id, count(*) AS held_rows FROM store.held_row GROUP BY file_id) h
    USING (file_id)
ORDER BY f.path, f.file_id
