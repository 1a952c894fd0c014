-- Takes a store of today back to the tables of version 1, as they were before stores had a number.
DROP TABLE store_version;
DROP TABLE member_past;
DROP TABLE customer;
DROP TABLE customer_past;
DROP TABLE known_decision;
DROP TABLE known_key;
ALTER TABLE run DROP COLUMN keys_digest;
ALTER TABLE run DROP COLUMN matching_digest;
ALTER TABLE run DROP COLUMN has_history;
ALTER TABLE run DROP COLUMN undone_by;
ALTER TABLE file DROP COLUMN rolled_back_run;
ALTER TABLE loaded_file DROP COLUMN rolled_back_run;
ALTER TABLE golden_id DROP COLUMN merged_into;
ALTER TABLE golden_id_event RENAME TO today_event;
CREATE TABLE golden_id_event (
    sequence BIGINT PRIMARY KEY,
    run_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    golden_id VARCHAR NOT NULL,
    other_id VARCHAR,
    records BIGINT NOT NULL
);
INSERT INTO golden_id_event
SELECT sequence, run_id, kind, golden_id, other_id,
       CASE kind WHEN 'grew' THEN records_after ELSE records_moved END
FROM today_event WHERE kind <> 'shrank' ORDER BY sequence;
DROP TABLE today_event;
ALTER TABLE review_pair DROP COLUMN bits;
