-- After the matcher: who every record belongs to now, and what changed for the golden ids.
-- In: record_profile, edge; temp before, after, former, id_change, touched, which know of all records
-- that an id of theirs has. Written are the rows that changed: member, member_past, golden_id,
-- golden_id_event.

CREATE OR REPLACE TEMP TABLE member_now AS
WITH placed AS (
    SELECT DISTINCT profile_id, golden_id FROM after JOIN record_profile USING (record_key)
), strongest AS (
    SELECT profile_id, max(weight) AS match_weight FROM (
        SELECT x.golden_id, x.profile_id, y.golden_id AS other_id, weight
        FROM edge JOIN placed x ON x.profile_id = a JOIN placed y ON y.profile_id = b
        WHERE band = 'link'
        UNION ALL
        SELECT y.golden_id, y.profile_id, x.golden_id, weight
        FROM edge JOIN placed x ON x.profile_id = a JOIN placed y ON y.profile_id = b
        WHERE band = 'link'
    ) WHERE golden_id = other_id GROUP BY profile_id
)
SELECT a.record_key, a.golden_id, round(s.match_weight, 3) AS match_weight
FROM after a JOIN record_profile USING (record_key) LEFT JOIN strongest s USING (profile_id);

CREATE OR REPLACE TEMP TABLE member_change AS
SELECT record_key, m.golden_id AS left_id, m.since_run AS left_since, n.golden_id, n.match_weight,
       n.golden_id IS NOT DISTINCT FROM m.golden_id AS stays
FROM (FROM member WHERE golden_id IN (SELECT golden_id FROM before)) m
FULL JOIN member_now n USING (record_key)
WHERE n.golden_id IS DISTINCT FROM m.golden_id OR n.match_weight IS DISTINCT FROM m.match_weight
ORDER BY record_key;

INSERT INTO member_past BY NAME
SELECT record_key, left_id AS golden_id, left_since AS from_run, $run_id AS to_run
FROM member_change WHERE left_id IS NOT NULL AND NOT stays;

DELETE FROM member WHERE record_key IN (SELECT record_key FROM member_change);

INSERT INTO member BY NAME
SELECT record_key, golden_id, match_weight,
       CASE WHEN stays THEN left_since ELSE $run_id END AS since_run
FROM member_change WHERE golden_id IS NOT NULL;

INSERT INTO golden_id BY NAME
SELECT golden_id, $run_id AS minted_run FROM id_change WHERE kind = 'minted';

UPDATE golden_id SET retired_run = NULL, merged_into = NULL, redirect_to = NULL
FROM id_change c WHERE c.kind = 'revived' AND c.golden_id = golden_id.golden_id;

UPDATE golden_id SET retired_run = $run_id, merged_into = c.other_id
FROM id_change c WHERE c.kind IN ('merged', 'retired') AND c.golden_id = golden_id.golden_id;

-- What was merged into an id that has parted goes on with most of its records.
UPDATE golden_id SET merged_into = f.golden_id FROM (
    SELECT former.golden_id AS merged, after.golden_id FROM former JOIN after USING (record_key)
    WHERE former.redirect_to IN (SELECT golden_id FROM id_change WHERE kind = 'split')
    GROUP BY former.golden_id, after.golden_id QUALIFY row_number() OVER (
        PARTITION BY former.golden_id ORDER BY count(*) DESC, min(record_key)) = 1
) f
WHERE f.merged = golden_id.golden_id AND golden_id.retired_run < $run_id;

-- A redirect never leads to a redirect, nor to an id that is no more.
UPDATE golden_id SET redirect_to = chain.redirect_to
FROM (
    WITH RECURSIVE step AS (
        SELECT golden_id, merged_into AS at FROM golden_id
        WHERE merged_into IS NOT NULL
            AND EXISTS (FROM id_change WHERE kind IN ('merged', 'retired', 'revived', 'split'))
        UNION ALL
        SELECT step.golden_id, g.merged_into FROM step JOIN golden_id g ON g.golden_id = step.at
        WHERE g.merged_into IS NOT NULL
    )
    SELECT step.golden_id, CASE WHEN g.retired_run IS NULL THEN g.golden_id END AS redirect_to
    FROM step JOIN golden_id g ON g.golden_id = step.at WHERE g.merged_into IS NULL
) chain
WHERE chain.golden_id = golden_id.golden_id
    AND chain.redirect_to IS DISTINCT FROM golden_id.redirect_to;

INSERT INTO golden_id_event BY NAME
WITH told AS (
    SELECT golden_id, cause FROM touched JOIN before USING (record_key)
    UNION SELECT golden_id, cause FROM touched JOIN after USING (record_key)
), because AS (
    SELECT c.number, cause FROM id_change c JOIN told USING (golden_id)
    UNION SELECT c.number, cause FROM id_change c JOIN told ON told.golden_id = c.other_id
    -- what touched every record
    UNION SELECT c.number, cause FROM id_change c, touched WHERE record_key IS NULL
), causes AS (
    SELECT number, string_agg(cause, ', ' ORDER BY cause) AS cause FROM because GROUP BY number
)
SELECT coalesce((SELECT max(sequence) FROM golden_id_event), 0) + c.number AS sequence,
       $run_id AS run_id, kind, golden_id, other_id, coalesce(cause, 'other_records') AS cause,
       records_before, records_after, records_moved
FROM id_change c LEFT JOIN causes USING (number)
ORDER BY sequence;
