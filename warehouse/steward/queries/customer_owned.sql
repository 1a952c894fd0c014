SELECT vehicle_id, owned_from, owned_to, evidence FROM bridge_ownership
WHERE golden_id = $golden_id ORDER BY owned_to IS NULL DESC, owned_from DESC NULLS LAST, vehicle_id
