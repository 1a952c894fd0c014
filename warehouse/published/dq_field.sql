-- How good each field is at each outlet: how often filled, and how often understood.
-- @key source, outlet_code, field
-- @column source hq, dealer or station
-- @column outlet_code The outlet; for hq empty
-- @column field Field of the standard record
-- @column records Records of the outlet
-- @column filled Records with anything typed in the field
-- @column ok Understood as typed
-- @column repaired Understood after a correction
-- @column partial A part understood
-- @column placeholder Typed to satisfy a form
-- @column invalid Not a value of this field
WITH stated AS (
    -- as many rows as there are ways in which a row of an outlet can be filled in
    SELECT source, CASE WHEN source = 'hq' THEN '' ELSE outlet_code END AS outlet_code,
           name_status AS name, phone_status AS phone, id_number_status AS id_number,
           address_status AS address, email_status AS email, vin_status AS vin,
           plate_status AS plate, sold_on_status AS sold_on, visited_on_status AS visited_on,
           count(*) AS n
    FROM store.record GROUP BY ALL
), told AS (
    UNPIVOT stated ON COLUMNS(* EXCLUDE (source, outlet_code, n)) INTO NAME field VALUE status
), counted AS (
    SELECT source, outlet_code, field, status, CAST(sum(n) AS BIGINT) AS n FROM told GROUP BY ALL
)
SELECT source, outlet_code, field, CAST(sum(n) AS BIGINT) AS records,
       CAST(coalesce(sum(n) FILTER (status <> 'missing'), 0) AS BIGINT) AS filled,
       coalesce(any_value(n) FILTER (status = 'ok'), 0) AS ok,
       coalesce(any_value(n) FILTER (status = 'repaired'), 0) AS repaired,
       coalesce(any_value(n) FILTER (status = 'partial'), 0) AS partial,
       coalesce(any_value(n) FILTER (status = 'placeholder'), 0) AS placeholder,
       coalesce(any_value(n) FILTER (status = 'invalid'), 0) AS invalid
FROM counted GROUP BY source, outlet_code, field ORDER BY source, outlet_code, field
