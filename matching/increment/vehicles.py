"""Which records' vehicles a change can touch, and those decided anew by the rules of all.

The rules compare records that share the tail of a VIN, or whose typed VINs are nearly a known one;
then records of one plate; then of one plate's end at one outlet. What shares none of these with a
changed record stays as it is.
Tables: in `record`, `record_vehicle`, `vehicle`, and temporary `record_before` and `record_after`:
the former and the present versions of the records that changed; out, beside the two updated:
`moved` (record_key, left_id, joined_id), the records whose vehicle is another one now.
"""

from __future__ import annotations

import duckdb

from matching import near_vins, vehicles

#: The columns that the rules read.
_COLUMNS = """
    record_key, vin, vin_status, vin_raw17, vin_suffix, plate, plate_body, phones, name_fold, model,
    outlet_code, visited_on, sold_on, updated_on, file_date
"""

#: What is known of a car whose VIN was read in full or in part.
_TAILS = """
    SELECT right(vin, 6) AS tail FROM {records} WHERE vin IS NOT NULL
    UNION SELECT right(vin_suffix, 6) FROM {records} WHERE length(vin_suffix) >= 6
"""


def update(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Do for the changed records what `vehicles.resolve` does for all; return the same counts."""
    near_vins.update(con)
    _scope_by_vin(con)
    _decide_by_vin(con)
    _join_by_plate(con, "plate", "how IN ('plate', 'province') OR vehicle_id LIKE 'PLATE-%'")
    vehicles.decide(con, vehicles.BY_PLATE, "scope", "decided")
    _join_by_plate(con, "outlet_code, plate_body", "how = 'province' OR vehicle_id LIKE 'PLATE-%'")
    vehicles.decide(con, vehicles.BY_PROVINCE, "scope", "decided")
    _keep(con)
    return vehicles.how(con)


def _scope_by_vin(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `scope` with the records whose VINs are to be read anew, in company of all they need."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE tail AS
        SELECT DISTINCT tail FROM (
            {_TAILS.format(records="record_before")} UNION {_TAILS.format(records="record_after")}
            UNION SELECT right(vehicle_id, 6) FROM record_vehicle
            SEMI JOIN record_before USING (record_key)
        )
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE near AS
        SELECT typed, right(vin, 6) AS tail FROM (FROM near_vin UNION FROM former_near_vin)
    """)
    # a mistyped VIN is judged beside all cars that it is near to
    con.execute("""
        CREATE OR REPLACE TEMP TABLE mistyped AS
        SELECT record_key, vin, vin_suffix, vin_raw17 AS typed FROM record
        WHERE vin_raw17 IS NOT NULL AND (
            record_key IN (SELECT record_key FROM record_after) OR right(vin, 6) IN (FROM tail)
            OR vin_raw17 IN (SELECT typed FROM near SEMI JOIN tail USING (tail)))
    """)
    con.execute(f"""
        INSERT INTO tail SELECT tail FROM (
            SELECT tail FROM near SEMI JOIN mistyped USING (typed)
            UNION {_TAILS.format(records="mistyped")}
        ) ANTI JOIN tail USING (tail)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE scope AS
        SELECT {_COLUMNS}, vin_raw17 IS NOT NULL
               AND record_key NOT IN (SELECT record_key FROM mistyped) AS settled
        FROM record
        WHERE right(vin, 6) IN (FROM tail)
            OR (length(vin_suffix) >= 6 AND right(vin_suffix, 6) IN (FROM tail))
            OR record_key IN (SELECT record_key FROM mistyped)
            OR record_key IN (SELECT record_key FROM record_after)
            -- whoever is taken for such a car speaks for its next owner's typing
            OR record_key IN (SELECT record_key FROM record_vehicle
                              WHERE right(vehicle_id, 6) IN (FROM tail))
    """)
    for table in ("tail", "mistyped", "near", "former_near_vin"):
        con.execute(f"DROP TABLE {table}")


def _decide_by_vin(con: duckdb.DuckDBPyConnection) -> None:
    """Read the VINs of `scope` anew; what a settled one is near to is known."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE decided (record_key VARCHAR, vehicle_id VARCHAR, how VARCHAR)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP VIEW open_scope AS
        SELECT * REPLACE (CASE WHEN NOT settled THEN vin_raw17 END AS vin_raw17) FROM scope
    """)
    vehicles.decide(con, vehicles.BY_WHOLE_VIN, "open_scope", "decided")
    con.execute("""
        INSERT INTO decided SELECT record_vehicle.* FROM record_vehicle
        SEMI JOIN (FROM scope WHERE settled) USING (record_key)
        ANTI JOIN decided USING (record_key)
        WHERE how IN ('full', 'repaired', 'near')
    """)
    vehicles.decide(con, vehicles.BY_PART, "scope", "decided")
    con.execute("DROP VIEW open_scope")


def _join_by_plate(con: duckdb.DuckDBPyConnection, key: str, later: str) -> None:
    """Take into `scope` the records that share a key on plates with a change.

    later: SQL over `record_vehicle`, true where a step still to come has decided; such records
    come in as open, all others as they were decided.
    """
    firm = f"NOT ({later})"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE touched_plate AS
        SELECT DISTINCT {key} FROM (
            SELECT {key} FROM record_before UNION ALL SELECT {key} FROM record_after UNION ALL
            SELECT {key} FROM scope LEFT JOIN decided USING (record_key)
            LEFT JOIN (FROM record_vehicle WHERE {firm}) was USING (record_key)
            WHERE decided.vehicle_id IS DISTINCT FROM was.vehicle_id
        )
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE joining AS
        SELECT {_COLUMNS}, false AS settled FROM record
        SEMI JOIN touched_plate USING ({key}) ANTI JOIN scope USING (record_key)
    """)
    con.execute("INSERT INTO scope FROM joining")
    con.execute(f"""
        INSERT INTO decided
        SELECT record_vehicle.* FROM record_vehicle SEMI JOIN joining USING (record_key)
        WHERE {firm}
    """)
    con.execute("DROP TABLE touched_plate")
    con.execute("DROP TABLE joining")


def _keep(con: duckdb.DuckDBPyConnection) -> None:
    """Write what has changed into `record_vehicle` and `vehicle`; fill `moved`."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE change AS
        SELECT record_key, was.vehicle_id AS left_id, now.vehicle_id AS joined_id, now.how
        FROM (SELECT * FROM record_vehicle
              WHERE record_key IN (SELECT record_key FROM scope UNION
                                   SELECT record_key FROM record_before)
        ) was
        FULL JOIN decided now USING (record_key)
        WHERE was.vehicle_id IS DISTINCT FROM now.vehicle_id OR was.how IS DISTINCT FROM now.how
    """)
    con.execute("DELETE FROM record_vehicle WHERE record_key IN (SELECT record_key FROM change)")
    con.execute("""
        INSERT INTO record_vehicle
        SELECT record_key, joined_id, how FROM change WHERE joined_id IS NOT NULL
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE changed_vehicle AS
        SELECT left_id AS vehicle_id FROM change WHERE left_id IS NOT NULL
        UNION SELECT joined_id FROM change WHERE joined_id IS NOT NULL
    """)
    con.execute("DELETE FROM vehicle WHERE vehicle_id IN (FROM changed_vehicle)")
    con.execute(f"INSERT INTO vehicle {vehicles.cars('vehicle_id IN (FROM changed_vehicle)')}")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE moved AS
        SELECT record_key, left_id, joined_id FROM change WHERE left_id IS DISTINCT FROM joined_id
    """)
    for table in ("scope", "decided", "change", "changed_vehicle"):
        con.execute(f"DROP TABLE {table}")
