-- From version 1: history of memberships, golden values and runs; events with cause and counts.
ALTER TABLE run ADD COLUMN keys_digest VARCHAR;
ALTER TABLE run ADD COLUMN matching_digest VARCHAR;
ALTER TABLE run ADD COLUMN has_history BOOLEAN;
ALTER TABLE run ADD COLUMN undone_by INTEGER;
ALTER TABLE file ADD COLUMN rolled_back_run INTEGER;
ALTER TABLE loaded_file ADD COLUMN rolled_back_run INTEGER;
ALTER TABLE golden_id ADD COLUMN merged_into VARCHAR;
ALTER TABLE golden_id_event RENAME TO former_event;

-- From the last run on, everything is known; before it, what has not changed since.
UPDATE run SET has_history = run_id = (SELECT max(run_id) FROM run);

UPDATE golden_id SET merged_into = e.other_id
FROM (SELECT golden_id, arg_max(other_id, sequence) AS other_id FROM former_event
      WHERE kind = 'merged' GROUP BY golden_id) e
WHERE e.golden_id = golden_id.golden_id;

CREATE TABLE golden_id_event (
    sequence BIGINT PRIMARY KEY,
    run_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    golden_id VARCHAR NOT NULL,
    other_id VARCHAR,
    cause VARCHAR NOT NULL,
    records_before BIGINT,
    records_after BIGINT,
    records_moved BIGINT
);

INSERT INTO golden_id_event
SELECT sequence, run_id, kind, golden_id, other_id, 'unknown',
       CASE WHEN kind = 'minted' THEN 0 END,
       CASE WHEN kind IN ('minted', 'grew') THEN records WHEN kind <> 'split' THEN 0 END,
       CASE WHEN kind IN ('minted', 'merged', 'split') THEN records END
FROM former_event ORDER BY sequence;

DROP TABLE former_event;
