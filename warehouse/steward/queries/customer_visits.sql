SELECT visited_on AS day, 'visit' AS what, outlet_code, vehicle_id, mileage_km,
       service_kind AS detail, amount_cny
FROM fact_service_visit WHERE golden_id = $golden_id
ORDER BY day DESC NULLS LAST, outlet_code, order_no
