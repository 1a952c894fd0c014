-- The standard records as an expert would hand them to Splink: the values that the engine compares,
-- by the same normalisers, each under one name. In: `record`, `record_vehicle`.
WITH person AS (
    SELECT record_key, name_kind = 'company' AS is_company,
           name_kind <> 'company' AND name_surname IS NOT NULL AND name_given IS NOT NULL AS whole
    FROM record
), plain AS (
    SELECT
        record_key AS unique_id,
        -- one column for both kinds: a company and its contact differ in it; a registry gives a
        -- company's name once in a region
        CASE WHEN is_company THEN concat_ws('/', company_region, company_key)
             WHEN whole THEN name_fold END AS name,
        CASE WHEN whole THEN name_pinyin END AS pinyin,
        CASE WHEN NOT is_company THEN name_surname END AS surname,
        CASE WHEN is_company THEN left(company_core, 1)
             ELSE coalesce(split_part(name_pinyin, ' ', 1), left(name_fold, 1))
        END AS surname_sound,
        CASE WHEN is_company THEN 'company' WHEN name IS NOT NULL THEN 'person' END AS kind,
        CASE WHEN is_company THEN company_core END AS company_core,
        CASE WHEN is_company THEN company_region END AS company_region,
        phone,
        CASE WHEN len(phones) > 0 THEN phones END AS phones,
        coalesce(phone_tail, right(phone, 4)) AS phone_tail,
        coalesce(id_number_organisation_code, id_number) AS id_number,
        vin,
        plate,
        vehicle_id AS vehicle,
        address_district_code AS district,
        coalesce(address_estate, address_road) AS road,
        CASE WHEN address_estate IS NOT NULL
                  AND coalesce(address_building, address_number) IS NOT NULL
             THEN concat_ws('/', address_estate, coalesce(address_building, address_number))
             WHEN address_road IS NOT NULL AND address_number IS NOT NULL
             THEN concat_ws('/', address_road || address_number, address_building) END AS house,
        CASE WHEN address_room IS NOT NULL AND address_estate IS NOT NULL
             THEN concat_ws('/', address_estate, coalesce(address_building, address_number),
                            address_unit, address_room)
             WHEN address_room IS NOT NULL AND address_road IS NOT NULL
                  AND address_number IS NOT NULL
             THEN concat_ws('/', address_road || address_number, address_building, address_unit,
                            address_room) END AS room,
        CAST(coalesce(id_number_birth_date, birth_date) AS VARCHAR) AS birth_date,
        email,
        CAST(sold_on AS VARCHAR) AS sold_on,
        CASE WHEN source IN ('hq', 'dealer') THEN nullif(outlet_code, '') END AS outlet
    FROM record JOIN person USING (record_key) LEFT JOIN record_vehicle USING (record_key)
), held AS (
    SELECT number FROM (SELECT unnest(phones) AS number, surname_sound FROM plain)
    GROUP BY number HAVING count(DISTINCT surname_sound) >= 6
), hot AS (
    -- a number under six surnames is a dealer's own or a placeholder
    SELECT coalesce(list(number), []) AS numbers FROM held
)
SELECT plain.*,
       CASE WHEN NOT list_contains(numbers, phone) THEN phone END AS own_phone,
       nullif(list_filter(phones, lambda number: NOT list_contains(numbers, number)), [])
           AS own_phones
FROM plain, hot
