-- The identity store. `record` and `record_version` are made from quality.contract.

CREATE TABLE IF NOT EXISTS run (
    run_id INTEGER PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    cause VARCHAR NOT NULL,
    model_name VARCHAR NOT NULL,
    model_digest VARCHAR NOT NULL,
    decisions_digest VARCHAR NOT NULL,
    ledger_digest VARCHAR NOT NULL,
    counts JSON
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
    loaded_run INTEGER
);

CREATE TABLE IF NOT EXISTS loaded_file (
    file_id VARCHAR PRIMARY KEY,
    run_id INTEGER NOT NULL
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

CREATE TABLE IF NOT EXISTS member (
    record_key VARCHAR NOT NULL,
    golden_id VARCHAR NOT NULL,
    match_weight DOUBLE,
    since_run INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS golden_id (
    golden_id VARCHAR PRIMARY KEY,
    minted_run INTEGER NOT NULL,
    retired_run INTEGER,
    redirect_to VARCHAR
);

CREATE TABLE IF NOT EXISTS golden_id_event (
    sequence BIGINT PRIMARY KEY,
    run_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    golden_id VARCHAR NOT NULL,
    other_id VARCHAR,
    records BIGINT NOT NULL
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
