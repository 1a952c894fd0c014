-- One row per day, from the first day of any sale or visit to the last of the year of the newest file.
-- @key day
-- @column day The day
-- @column year Calendar year
-- @column quarter Quarter, 1 to 4
-- @column month Month, 1 to 12
-- @column month_start First day of its month
-- @column iso_week Week by ISO 8601
-- @column weekday 1 for Monday to 7 for Sunday
-- @column is_weekend Saturday or Sunday
WITH told AS (
    SELECT min(day) AS first_day, max(day) AS last_day FROM (
        SELECT unnest([sold_on, visited_on, file_date]) AS day FROM store.record
    ) WHERE day BETWEEN DATE '1980-01-01'
        AND (SELECT max(file_date) FROM store.file WHERE rolled_back_run IS NULL)
)
SELECT CAST(day AS DATE) AS day, CAST(year(day) AS SMALLINT) AS year,
       CAST(quarter(day) AS TINYINT) AS quarter, CAST(month(day) AS TINYINT) AS month,
       CAST(date_trunc('month', day) AS DATE) AS month_start,
       CAST(week(day) AS TINYINT) AS iso_week, CAST(isodow(day) AS TINYINT) AS weekday,
       isodow(day) >= 6 AS is_weekend
FROM told, range(CAST(first_day AS TIMESTAMP),
                 CAST(make_date(year(last_day) + 1, 1, 1) AS TIMESTAMP), INTERVAL 1 DAY) days(day)
ORDER BY day
