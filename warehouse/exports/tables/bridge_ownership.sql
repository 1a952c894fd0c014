-- In: car, customer, seen. Their customers as owners of their cars; own values: of cars with which
-- they saw them.
SELECT c.shown AS vehicle_id, b.owner_no, b.golden_id, b.owned_from, b.owned_to, b.evidence
FROM published.bridge_ownership b
JOIN car c USING (vehicle_id)
SEMI JOIN customer USING (golden_id)
WHERE getvariable('network') OR (b.golden_id, b.vehicle_id) IN (SELECT (golden_id, vehicle_id) FROM seen)
ORDER BY c.shown, b.owner_no
