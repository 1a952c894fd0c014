-- In: visit, car.
SELECT v.outlet_code, v.order_no, v.golden_id, c.shown AS vehicle_id, v.is_owner, v.visited_on,
       v.mileage_km, v.service_kind, v.amount_cny
FROM visit v LEFT JOIN car c USING (vehicle_id)
ORDER BY v.outlet_code, v.order_no
