"""What a run changed, so that publishing writes that and no more: golden ids, vehicles, records.

A published row of a golden id follows from that customer's records and their vehicles; a row of a
vehicle from the records of the vehicle and whose they are; a row of a record from what it says,
whose it is and of which vehicle it tells.
"""

from __future__ import annotations

import datetime

import duckdb

from matching.relations import number

#: How many runs are remembered; a warehouse that lags behind further is built anew.
_LAST = 10


def write(con: duckdb.DuckDBPyConnection, run_id: int, all_new: bool) -> None:
    """Fill the run's part of `changed_key`. In the run's transaction, once all is done.

    all_new: it may have changed everything. Else in: `renewed` (golden_id), every customer with
    another record or golden value now; `moved`, as `matching.increment.vehicles` leaves it;
    `record_before` and `record_after`, as `records.load` does; `member_change`, as
    `membership.name_entities` does.
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
    -- at least one row, so that a run which changed nothing is known to have
    SELECT 'run' AS kind, '' AS key
    UNION ALL SELECT 'golden_id', golden_id FROM renewed
    UNION ALL SELECT 'vehicle_id', vehicle_id FROM (
        SELECT vehicle_id FROM record_vehicle SEMI JOIN (
            FROM member WHERE golden_id IN (FROM renewed)) USING (record_key)
        UNION SELECT vehicle_id FROM (SELECT unnest([left_id, joined_id]) AS vehicle_id FROM moved)
        WHERE vehicle_id IS NOT NULL
    )
    UNION ALL SELECT 'record_key', record_key FROM (
        SELECT record_key FROM record_before UNION SELECT record_key FROM record_after
        UNION SELECT record_key FROM moved UNION SELECT record_key FROM member_change
    )
"""
