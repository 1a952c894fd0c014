-- The identity store. `record` and `record_version` are made from quality.contract.
-- A table whose columns change needs a migration beside: warehouse/store_migrations.py.

CREATE TABLE IF NOT EXISTS store_version (version INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS run (
    run_id INTEGER PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    cause VARCHAR NOT NULL,
    model_name VARCHAR NOT NULL,
    model_digest VARCHAR NOT NULL,
    decisions_digest VARCHAR NOT NULL,
    ledger_digest VARCHAR NOT NULL,
    counts JSON,
    -- '' or null without a table of changed keys
    keys_digest VARCHAR,
    -- the model alone, without the rules of golden records
    matching_digest VARCHAR,
    -- who belonged to whom after this run can be told
    has_history BOOLEAN,
    -- the rollback that took this run back
    undone_by INTEGER
);

-- The ledger as this store has seen it; loaded_run says since when a file's rows are in.
CREATE TABLE IF NOT EXISTS file (
    file_id VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    source VARCHAR,
    outlet_code VARCHAR,
    file_date DATE,
    file_seq BIGINT,
    bytes BIGINT,
    row_count BIGINT,
    status VARCHAR NOT NULL,
    reason VARCHAR,
    detail VARCHAR,
    duplicate_of VARCHAR,
    arrived_at TIMESTAMP,
    loaded_run INTEGER,
    rolled_back_run INTEGER
);

-- The run that loaded a file's rows, and so the versions of records in it; a file that was rolled
-- back has no rows in the store.
CREATE TABLE IF NOT EXISTS loaded_file (
    file_id VARCHAR PRIMARY KEY,
    run_id INTEGER NOT NULL,
    rolled_back_run INTEGER
);

CREATE TABLE IF NOT EXISTS held_row (
    file_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    outlet_code VARCHAR,
    file_date DATE,
    sheet VARCHAR,
    row_number INTEGER,
    reason VARCHAR NOT NULL,
    run_id INTEGER NOT NULL
);

-- Who belongs to whom today, and who did from from_run until before to_run.
CREATE TABLE IF NOT EXISTS member (
    record_key VARCHAR NOT NULL,
    golden_id VARCHAR NOT NULL,
    match_weight DOUBLE,
    since_run INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS member_past (
    record_key VARCHAR NOT NULL,
    golden_id VARCHAR NOT NULL,
    from_run INTEGER NOT NULL,
    to_run INTEGER NOT NULL
);

-- The golden values of today, and those from since_run until before to_run.
CREATE TABLE IF NOT EXISTS customer (
    golden_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR,
    sex VARCHAR,
    birth_date DATE,
    id_number VARCHAR,
    phone VARCHAR,
    email VARCHAR,
    address VARCHAR,
    since_run INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS customer_past (
    golden_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR,
    sex VARCHAR,
    birth_date DATE,
    id_number VARCHAR,
    phone VARCHAR,
    email VARCHAR,
    address VARCHAR,
    since_run INTEGER NOT NULL,
    to_run INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS golden_id (
    golden_id VARCHAR PRIMARY KEY,
    minted_run INTEGER NOT NULL,
    retired_run INTEGER,
    -- the id that most of its records went to, and the living one that this leads to
    merged_into VARCHAR,
    redirect_to VARCHAR
);

CREATE TABLE IF NOT EXISTS golden_id_event (
    sequence BIGINT PRIMARY KEY,
    run_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    golden_id VARCHAR NOT NULL,
    other_id VARCHAR,
    cause VARCHAR NOT NULL,
    -- null in events of before these were counted
    records_before BIGINT,
    records_after BIGINT,
    records_moved BIGINT
);

-- What stewards' decisions said in the last run: of records (claim: a hash of what), and of
-- generic values.
CREATE TABLE IF NOT EXISTS known_decision (
    claim VARCHAR NOT NULL,
    record_key VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS known_verdict (
    column_name VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    generic BOOLEAN NOT NULL
);

-- What an outlet calls a record, where that is not its name any more.
CREATE TABLE IF NOT EXISTS known_key (
    called VARCHAR NOT NULL,
    record_key VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS step (
    run_id INTEGER NOT NULL,
    step VARCHAR NOT NULL,
    seconds DOUBLE NOT NULL
);

-- What each run stood on: the first part of its manifest.
CREATE TABLE IF NOT EXISTS manifest (
    run_id INTEGER PRIMARY KEY,
    content JSON NOT NULL
);

-- What each of the last runs may have changed, by what published rows are told of: a golden_id, a
-- vehicle_id, a record_key; linked_golden_id and linked_record_key: its links alone. A run that is
-- not here, or has a null key, may have changed everything.
CREATE TABLE IF NOT EXISTS changed_key (
    run_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    key VARCHAR
);
