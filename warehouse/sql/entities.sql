-- After the matcher: who every record belongs to now, and what changed for the golden ids.
-- In: temp record_profile, entity, edge, entity_id, id_change; out: member, golden_id, events.

CREATE OR REPLACE TEMP TABLE member_now AS
WITH strongest AS (
    SELECT profile_id, max(weight) AS match_weight FROM (
        SELECT a AS profile_id, b AS other, weight FROM edge WHERE band = 'link'
        UNION ALL SELECT b, a, weight FROM edge WHERE band = 'link'
    ) l
    JOIN entity x USING (profile_id) JOIN entity y ON y.profile_id = l.other
    WHERE x.entity_no = y.entity_no GROUP BY profile_id
)
SELECT rp.record_key, i.golden_id, round(s.match_weight, 3) AS match_weight,
       CASE WHEN b.golden_id = i.golden_id THEN b.since_run ELSE $run_id END AS since_run
FROM record_profile rp
JOIN entity USING (profile_id)
JOIN entity_id i USING (entity_no)
LEFT JOIN strongest s USING (profile_id)
LEFT JOIN member b USING (record_key)
ORDER BY rp.record_key;

INSERT INTO merged_member BY NAME
SELECT golden_id, record_key FROM member
SEMI JOIN (SELECT golden_id FROM id_change WHERE kind = 'merged') USING (golden_id);

DELETE FROM member;
INSERT INTO member BY NAME SELECT * FROM member_now;

INSERT INTO golden_id BY NAME
SELECT golden_id, $run_id AS minted_run FROM id_change WHERE kind = 'minted' ORDER BY golden_id;

UPDATE golden_id SET retired_run = $run_id, redirect_to = c.other_id
FROM id_change c WHERE c.kind = 'merged' AND c.golden_id = golden_id.golden_id;

UPDATE golden_id SET retired_run = $run_id
FROM id_change c WHERE c.kind = 'retired' AND c.golden_id = golden_id.golden_id;

UPDATE golden_id SET retired_run = NULL, redirect_to = NULL
FROM id_change c WHERE c.kind = 'revived' AND c.golden_id = golden_id.golden_id;

DELETE FROM merged_member
WHERE golden_id IN (SELECT golden_id FROM id_change WHERE kind = 'revived');

-- What was merged into an id that has parted goes on with most of its records.
UPDATE golden_id SET redirect_to = f.golden_id FROM (
    SELECT m.golden_id AS merged, n.golden_id
    FROM merged_member m JOIN member_now n USING (record_key)
    GROUP BY m.golden_id, n.golden_id QUALIFY row_number() OVER (
        PARTITION BY m.golden_id ORDER BY count(*) DESC, min(record_key)) = 1
) f
WHERE f.merged = golden_id.golden_id
    AND golden_id.redirect_to IN (SELECT golden_id FROM id_change WHERE kind = 'split');

-- A redirect never leads to a redirect.
UPDATE golden_id SET redirect_to = c.other_id
FROM id_change c WHERE c.kind = 'merged' AND c.golden_id = golden_id.redirect_to;

INSERT INTO golden_id_event BY NAME
SELECT coalesce((SELECT max(sequence) FROM golden_id_event), 0)
       + row_number() OVER (ORDER BY kind, golden_id, other_id) AS sequence,
       $run_id AS run_id, kind, golden_id, other_id, records
FROM id_change;
