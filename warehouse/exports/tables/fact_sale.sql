-- In: sale, car.
SELECT s.sale_id, s.golden_id, c.shown AS vehicle_id, s.outlet_code, s.sold_on, s.model, s.updated_on
FROM sale s LEFT JOIN car c USING (vehicle_id)
ORDER BY s.sale_id
