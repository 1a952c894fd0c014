-- In: car, sale, visit. No published table says which outlet told a plate: own values have none.
WITH sold AS (
    SELECT vehicle_id, min(sold_on) AS sold_on, arg_min(outlet_code, (sold_on, sale_id)) AS outlet_code
    FROM sale GROUP BY vehicle_id
), served AS (
    SELECT vehicle_id, count(*) AS visits, max(mileage_km) AS mileage_km, max(visited_on) AS last_on
    FROM visit GROUP BY vehicle_id
)
SELECT c.shown AS vehicle_id, v.vin, v.maker, v.model_year, v.model,
       CASE WHEN getvariable('network') THEN v.plate END AS plate,
       if(getvariable('network'), v.sold_on, s.sold_on) AS sold_on,
       s.outlet_code AS selling_outlet,
       if(getvariable('network'), v.visits, coalesce(w.visits, 0)) AS visits,
       if(getvariable('network'), v.last_mileage_km, w.mileage_km) AS last_mileage_km,
       if(getvariable('network'), v.last_visit_on, w.last_on) AS last_visit_on
FROM published.pii.dim_vehicle v
JOIN car c USING (vehicle_id)
LEFT JOIN sold s USING (vehicle_id)
LEFT JOIN served w USING (vehicle_id)
ORDER BY c.shown
