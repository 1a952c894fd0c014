-- The tables of an index. In: a published version as `published`; temp form (name, units, readings),
-- of every name in it. Each table lies in the order in which it is asked, so that little is read.
-- before: what stands before `term` in the whole name or number; '' where the term is the whole.

-- Which version this is the index of.
CREATE TABLE version AS SELECT run_id, finished_at FROM published.meta.version;

-- What a list of customers shows. number: within the index, rising from the last contact backwards.
CREATE TABLE customer AS
SELECT CAST(row_number() OVER (ORDER BY last_contact_on DESC NULLS LAST, golden_id) AS INTEGER)
           AS number,
       golden_id, c.kind, c.name, c.phone, c.address, c.records, m.cars_owned, m.last_outlet,
       m.last_contact_on, m.stage
FROM published.pii.dim_customer c JOIN published.mart_customer_360 m USING (golden_id)
ORDER BY number;

-- Whose customers they are: of a sale at HQ, the selling dealer's.
CREATE TABLE customer_outlet AS
SELECT DISTINCT outlet_code, number
FROM published.customer_xref JOIN customer USING (golden_id)
WHERE outlet_code <> '' ORDER BY outlet_code, number;

-- Every name from each of its units on: 张小明, 小明, 明.
CREATE TABLE name AS
SELECT array_to_string(units[i + 1:], '') AS term, array_to_string(units[:i], '') AS before, number
FROM (SELECT number, units, unnest(range(len(units))) AS i
      FROM published.pii.customer_name JOIN customer USING (golden_id)
      JOIN form ON form.name = customer_name.name)
ORDER BY term, number;

-- The same by sound, zhangxiaoming, xiaoming, ming; and by initials, zxm.
CREATE TABLE sound AS
WITH heard AS (
    SELECT DISTINCT number, unnest(readings) AS units
    FROM published.pii.customer_name JOIN customer USING (golden_id)
    JOIN form ON form.name = customer_name.name
)
SELECT array_to_string(units[i + 1:], '') AS term, array_to_string(units[:i], '') AS before, number
FROM (SELECT number, units, unnest(range(len(units))) AS i FROM heard)
UNION ALL
SELECT DISTINCT array_to_string(list_transform(units, lambda unit: unit[1]), ''), '', number
FROM heard WHERE len(units) > 1
ORDER BY term, number;

-- Every number whole, and by its last four characters. Chinese phones are without country code.
CREATE TABLE number AS
WITH held AS (
    SELECT 'golden_id' AS kind, golden_id AS value, number FROM customer
    UNION ALL
    SELECT 'golden_id', r.golden_id, number FROM published.golden_id_redirect r
    JOIN customer c ON c.golden_id = r.redirect_to
    UNION ALL
    SELECT attribute, CASE attribute WHEN 'phone' THEN regexp_replace(value, '^\+(86)?', '')
                                     ELSE value END, number
    FROM published.pii.attribute_lineage JOIN customer USING (golden_id)
    WHERE attribute IN ('phone', 'id_number')
    UNION ALL
    SELECT DISTINCT unnest(['vin', 'plate']), unnest([vin, plate]), number
    FROM (SELECT vehicle_id, golden_id FROM published.bridge_ownership
          UNION SELECT vehicle_id, golden_id FROM published.fact_sale
          UNION SELECT vehicle_id, golden_id FROM published.fact_service_visit)
    JOIN published.pii.dim_vehicle USING (vehicle_id) JOIN customer USING (golden_id)
)
SELECT kind, value AS term, '' AS before, number FROM held WHERE value IS NOT NULL
UNION ALL
SELECT kind, value[-4:], value[:-5], number FROM held
WHERE kind <> 'golden_id' AND length(value) > 4
ORDER BY term, number;
