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
    SELECT source, CASE WHEN source = 'hq' THEN '' ELSE outlet_code END AS outlet_code,
           field, status
    FROM (UNPIVOT (SELECT source, outlet_code, name_status AS name, phone_status AS phone,
                          id_number_status AS id_number, address_status AS address,
                          email_status AS email, vin_status AS vin, plate_status AS plate,
                          sold_on_status AS sold_on, visited_on_status AS visited_on
                   FROM store.record)
          ON COLUMNS(* EXCLUDE (source, outlet_code)) INTO NAME field VALUE status)
)
SELECT source, outlet_code, field, count(*) AS records,
       count(*) FILTER (status <> 'missing') AS filled,
       count(*) FILTER (status = 'ok') AS ok,
       count(*) FILTER (status = 'repaired') AS repaired,
       count(*) FILTER (status = 'partial') AS partial,
       count(*) FILTER (status = 'placeholder') AS placeholder,
       count(*) FILTER (status = 'invalid') AS invalid
FROM stated GROUP BY source, outlet_code, field ORDER BY source, outlet_code, field
