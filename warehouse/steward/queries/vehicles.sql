SELECT vehicle_id, vin, plate, model, model_year, sold_on, selling_outlet, visits, last_mileage_km
FROM pii.dim_vehicle WHERE vehicle_id IN (SELECT unnest($ids))
