-- Whom and what an export is about, from the warehouse attached as `published`.
-- In: outlet (outlet_code), the variables `network` and `whole_cars`.

-- Their own records, and with them their customers.
CREATE TEMP TABLE own_record AS
SELECT x.record_key, x.golden_id, x.outlet_code
FROM published.customer_xref x SEMI JOIN outlet USING (outlet_code);

CREATE TEMP TABLE customer AS
SELECT golden_id, count(*) AS records, count(DISTINCT outlet_code) AS outlets
FROM own_record GROUP BY golden_id;

CREATE TEMP VIEW sale AS FROM published.fact_sale SEMI JOIN outlet USING (outlet_code);

CREATE TEMP VIEW visit AS FROM published.fact_service_visit SEMI JOIN outlet USING (outlet_code);

CREATE TEMP TABLE seen AS
SELECT golden_id, vehicle_id, sold_on AS day FROM sale
UNION ALL SELECT golden_id, vehicle_id, visited_on FROM visit;

-- The cars that they sold or served. The id of a car is its VIN, or has its plate in it: who may not
-- see that gets a number, in an order that tells nothing.
CREATE TEMP TABLE car AS
SELECT vehicle_id,
       CASE WHEN list_contains(getvariable('whole_cars'), CASE WHEN vehicle_id = vin THEN 'vin' ELSE 'other' END)
            THEN vehicle_id
            ELSE 'CAR-' || lpad(CAST(row_number() OVER (ORDER BY md5(vehicle_id)) AS VARCHAR), 7, '0')
       END AS shown
FROM published.dim_vehicle SEMI JOIN seen USING (vehicle_id);

-- Values that they told: theirs is the best record that states it, or so many records state it that
-- one of theirs must. What a steward said is no outlet's.
CREATE TEMP TABLE known AS
SELECT l.golden_id, l.attribute, l.value, l.chosen
FROM published.pii.attribute_lineage l
JOIN customer c USING (golden_id)
JOIN (SELECT golden_id, count(*) AS records FROM published.customer_xref GROUP BY golden_id) a
    USING (golden_id)
LEFT JOIN own_record o USING (record_key)
WHERE getvariable('network')
    OR (l.records > 0 AND (o.record_key IS NOT NULL OR l.records + c.records > a.records));

CREATE TEMP TABLE told AS
SELECT golden_id, list(attribute) AS attributes FROM known WHERE chosen GROUP BY golden_id;
