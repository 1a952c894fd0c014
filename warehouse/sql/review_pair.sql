-- What waits for a steward, in golden ids and record keys.
CREATE OR REPLACE TEMP TABLE review_pair AS
WITH face AS (
    SELECT profile_id, min(record_key) AS record_key FROM record_profile GROUP BY profile_id
)
SELECT least(x.golden_id, y.golden_id) AS golden_id_a, greatest(x.golden_id, y.golden_id) AS golden_id_b,
       CASE WHEN x.golden_id < y.golden_id THEN fa.record_key ELSE fb.record_key END AS record_a,
       CASE WHEN x.golden_id < y.golden_id THEN fb.record_key ELSE fa.record_key END AS record_b,
       round(c.weight, 3) AS match_weight, c.reason, c.pairs,
       c.name, c.phone, c.identity, c.vehicle, c.address,
       to_json({'name': c.name, 'company': c.company, 'identity': c.identity, 'phone': c.phone,
                'vehicle': c.vehicle, 'fleet': c.fleet, 'address': c.address,
                'birth_date': c.birth_date, 'sex': c.sex, 'email': c.email, 'sale': c.sale,
                'place': c.place}) AS evidence
FROM review_candidate c
JOIN entity ea ON ea.profile_id = c.a JOIN entity_id x ON x.entity_no = ea.entity_no
JOIN entity eb ON eb.profile_id = c.b JOIN entity_id y ON y.entity_no = eb.entity_no
JOIN face fa ON fa.profile_id = c.a JOIN face fb ON fb.profile_id = c.b
ORDER BY golden_id_a, golden_id_b;
