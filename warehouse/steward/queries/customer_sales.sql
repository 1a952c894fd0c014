SELECT sold_on AS day, 'sale' AS what, outlet_code, vehicle_id, NULL AS mileage_km, model AS detail,
       NULL AS amount_cny
FROM fact_sale WHERE golden_id = $golden_id ORDER BY day DESC NULLS LAST, sale_id
