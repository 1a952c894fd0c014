-- The cars that a customer owns or owned, and those that he only bought or brought.
WITH his AS (
    SELECT vehicle_id, owned_from, owned_to, evidence FROM bridge_ownership
    WHERE golden_id = $golden_id
    UNION ALL
    SELECT DISTINCT vehicle_id, NULL, NULL, 'brought' FROM (
        SELECT vehicle_id FROM fact_service_visit WHERE golden_id = $golden_id
        UNION SELECT vehicle_id FROM fact_sale WHERE golden_id = $golden_id)
    WHERE vehicle_id NOT IN (
        SELECT vehicle_id FROM bridge_ownership WHERE golden_id = $golden_id)
)
SELECT vehicle_id, v.vin, v.plate, v.model, v.model_year, h.owned_from, h.owned_to, h.evidence,
       v.sold_on, v.selling_outlet, v.visits, v.last_mileage_km, v.last_visit_on
FROM his h JOIN pii.dim_vehicle v USING (vehicle_id)
ORDER BY h.owned_to IS NULL DESC, h.owned_from DESC NULLS LAST, vehicle_id
