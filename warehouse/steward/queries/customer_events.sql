-- What a customer bought and brought, the newest first.
SELECT sold_on AS day, 'sale' AS what, outlet_code, vehicle_id, NULL AS mileage_km, model AS detail,
       NULL AS amount_cny, sale_id AS source_key
FROM fact_sale WHERE golden_id = $golden_id
UNION ALL
SELECT visited_on, 'visit', outlet_code, vehicle_id, mileage_km, service_kind, amount_cny, order_no
FROM fact_service_visit WHERE golden_id = $golden_id
ORDER BY day DESC NULLS LAST, source_key
