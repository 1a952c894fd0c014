"""What a run changed, so that publishing writes that and no more: golden ids, vehicles, records.

A published row of a golden id follows from that customer's records, their vehicles, golden values
and events; a row of a vehicle from the records of the vehicle, whose they are and which of these
are companies; a row of a record from what it says, whose it is and of which vehicle it tells. What
is linked otherwise, or by another weight, is told apart: that changes rows about links alone.
"""

from __future__ import annotations

import datetime

import duckdb

from matching.relations import number

#: How many runs are remembered; a warehouse that lags behind further is built anew.
_LAST = 10


def write(con: duckdb.DuckDBPyConnection, run_id: int, all_new: bool) -> None:
    """Fill the run's part of `changed_key`. In the run's transaction, once all is done.

    all_new: it may have changed everything. Else in, as each leaves them: `record_before` and
    `record_after` of `records.load`; `moved`, `turned` and `relinked` of `matching.increment`;
    `member_change` and `id_change` of `membership.name_entities`; `revalued`, `customer_over` and
    `customer_new` of `customers.renew`.
    """
    con.execute("DELETE FROM changed_key WHERE run_id <= ?", [run_id - _LAST])
    con.execute(
        f"""
        INSERT INTO changed_key
        SELECT {run_id}, kind, key FROM ({_ALL if all_new else _SOME})
        """
    )


def since(
    con: duckdb.DuckDBPyConnection,
    store: str,
    before: int,
    started_at: datetime.datetime,
    last: int,
) -> bool:
    """Fill `changed` (kind, key) by the runs after `before`, up to `last`; whether they are known.

    store: the catalog of the identity store. started_at: of the run `before`; a store that was lost
    and built anew has another one of that number.
    """
    known = f"SELECT * FROM {store}.changed_key WHERE run_id > {before} AND run_id <= {last}"
    con.execute(f"CREATE OR REPLACE TEMP TABLE changed AS SELECT DISTINCT kind, key FROM ({known})")
    return bool(
        number(
            con,
            f"""
            SELECT count(*) FILTER (run_id = {before} AND started_at = $1) = 1
                AND count(*) FILTER (run_id > {before}) = (
                    SELECT count(DISTINCT run_id) FROM ({known}))
                AND NOT EXISTS (FROM changed WHERE key IS NULL)
            FROM {store}.run
            """,
            [started_at],
        )
    )


_ALL = "SELECT 'all' AS kind, CAST(NULL AS VARCHAR) AS key"
_SOME = """
    WITH told AS (
        SELECT record_key FROM record_before UNION SELECT record_key FROM record_after
        UNION SELECT record_key FROM moved
        UNION SELECT record_key FROM member_change WHERE NOT stays
    ), owned AS (
        -- a value that has turned generic is nobody's any more
        FROM told UNION SELECT record_key FROM turned
    ), customer AS (
        SELECT golden_id FROM member SEMI JOIN owned USING (record_key)
        UNION SELECT left_id FROM member_change WHERE left_id IS NOT NULL AND NOT stays
        UNION SELECT golden_id FROM id_change
        UNION FROM revalued
    ), brought AS (
        FROM owned UNION
        SELECT record_key FROM member SEMI JOIN (
            SELECT golden_id FROM customer_over o JOIN customer_new n USING (golden_id)
            WHERE o.kind <> n.kind) USING (golden_id)
    )
    -- at least one row, so that a run which changed nothing is known to have
    SELECT 'run' AS kind, '' AS key
    UNION ALL SELECT 'golden_id', golden_id FROM customer
    UNION ALL SELECT 'vehicle_id', vehicle_id FROM (
        SELECT vehicle_id FROM record_vehicle SEMI JOIN brought USING (record_key)
        UNION SELECT vehicle_id FROM (SELECT unnest([left_id, joined_id]) AS vehicle_id FROM moved)
        WHERE vehicle_id IS NOT NULL
    )
    UNION ALL SELECT 'record_key', record_key FROM told
    UNION ALL SELECT 'linked_record_key', record_key FROM member_change WHERE stays
    UNION ALL SELECT DISTINCT 'linked_golden_id', golden_id
    FROM member JOIN record_profile USING (record_key)
    WHERE profile_id IN (SELECT unnest([a, b]) FROM relinked)
"""
