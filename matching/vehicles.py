"""Cars are resolved before people: each record's typed VIN, or part of one, or plate -> a vehicle.

A list of steps, each taking only what the ones before left open:
  full      a VIN that is right as typed, or repaired into one that was typed right elsewhere
  near      17 characters that fail the check: the one known VIN that differs in at most two
            characters and shares the first nine or the last eight
  repaired  a repaired VIN that nobody typed right
  suffix    the last characters of a VIN: the one known VIN that ends so, if the plate, a phone or
            the name was seen with it; from eight characters on, if the model does not gainsay it
  apart     nothing known fits: a vehicle of its own, by what was typed of its VIN
  plate     no VIN at all: the car that was seen with that plate nearest in time
  province  a plate without its province: the car whose plate ends so at the same outlet
  apart     a plate that no car was seen with: a vehicle of its own
Table in: `record`. Tables out: `record_vehicle` (record_key, vehicle_id, how), `vehicle`
(vehicle_id, vin, records). `matching.increment.vehicles` takes the same steps for what changed.
"""

from __future__ import annotations

import duckdb

from matching import near_vins

#: VINs that somebody typed right; a repaired one is believed at once only if it is among them.
_FULL = """
    SELECT record_key, vin AS vehicle_id,
           CASE vin_status WHEN 'ok' THEN 'full' ELSE 'repaired' END AS how
    FROM {record} WHERE vin IN (SELECT vin FROM known_vin)
"""

_NEAR = """
    WITH near AS (
        SELECT record_key, near_vin.vin FROM {record} JOIN near_vin ON typed = vin_raw17
        WHERE record_key NOT IN (SELECT record_key FROM {decided})
            AND near_vin.vin IN (SELECT vin FROM known_vin)
    ), seen AS (
        SELECT vehicle_id AS vin, list(DISTINCT plate) AS plates,
               flatten(list(coalesce(phones, []))) AS all_phones
        FROM {decided} JOIN {record} USING (record_key)
        WHERE vehicle_id IN (SELECT vin FROM near) GROUP BY vehicle_id
    ), judged AS (
        SELECT record_key, near.vin, coalesce(list_contains(plates, plate), false)
               OR coalesce(list_has_any(all_phones, phones), false) AS vouched
        FROM near JOIN {record} USING (record_key) JOIN seen ON seen.vin = near.vin
    )
    -- a fleet's cars are neighbours: among several, the plate or a phone tells which
    SELECT record_key, vin AS vehicle_id, 'near' AS how FROM judged
    QUALIFY count(*) OVER (PARTITION BY record_key) = 1
        OR (vouched AND count(*) FILTER (vouched) OVER (PARTITION BY record_key) = 1)
"""

_REPAIRED = """
    SELECT record_key, vin AS vehicle_id, 'repaired' AS how FROM {record}
    WHERE vin IS NOT NULL AND record_key NOT IN (SELECT record_key FROM {decided})
"""

_SUFFIX = """
    WITH open AS (
        SELECT record_key, vin_suffix AS suffix, length(vin_suffix) AS n, plate, phones, name_fold,
               regexp_extract(model, '^[^0-9 ]+') AS line
        FROM {record} WHERE vin_suffix IS NOT NULL AND length(vin_suffix) BETWEEN 6 AND 16
            AND record_key NOT IN (SELECT record_key FROM {decided})
    ), car AS (
        SELECT DISTINCT vehicle_id AS vin FROM {decided}
    ), fitting AS (
        SELECT record_key, n, vin, plate, phones, name_fold, line
        FROM open JOIN car ON right(vin, 6) = right(suffix, 6) WHERE right(vin, n) = suffix
    ), seen AS (
        SELECT vehicle_id AS vin, plate, phones, name_fold,
               regexp_extract(model, '^[^0-9 ]+') AS line
        FROM {decided} JOIN {record} USING (record_key)
        WHERE vehicle_id IN (SELECT vin FROM fitting)
    ), vouched AS (
        SELECT record_key, vin FROM fitting SEMI JOIN seen USING (vin, plate)
        UNION SELECT record_key, vin FROM fitting SEMI JOIN seen USING (vin, name_fold)
        UNION SELECT record_key, vin
        FROM (SELECT record_key, vin, unnest(phones) AS phone FROM fitting)
        SEMI JOIN (SELECT vin, unnest(phones) AS phone FROM seen) USING (vin, phone)
    ), judged AS (
        SELECT f.record_key, f.vin, n, v.vin IS NOT NULL AS vouched,
               line IS NULL OR lines IS NULL OR list_contains(lines, line) AS model_fits
        FROM fitting f LEFT JOIN vouched v USING (record_key, vin) LEFT JOIN (
            SELECT vin, list(DISTINCT line) AS lines FROM seen WHERE line IS NOT NULL GROUP BY vin
        ) USING (vin)
    ), fitting_well AS (
        SELECT *, count(*) FILTER (vouched) OVER (PARTITION BY record_key) AS vouchers,
               count(*) OVER (PARTITION BY record_key) AS fits
        FROM judged
    )
    SELECT record_key, vin AS vehicle_id, 'suffix' AS how FROM fitting_well
    WHERE (vouched AND vouchers = 1) OR (vouchers = 0 AND fits = 1 AND n >= 8 AND model_fits)
"""

_PLATE = """
    WITH dated AS (
        SELECT *, coalesce(visited_on, sold_on, updated_on, file_date) AS day FROM {record}
        WHERE plate IS NOT NULL
    ), seen AS (
        SELECT DISTINCT plate, vehicle_id, day FROM dated JOIN {decided} USING (record_key)
    ), open AS (
        SELECT record_key, plate, day FROM dated
        WHERE record_key NOT IN (SELECT record_key FROM {decided})
    )
    SELECT record_key, vehicle_id, 'plate' AS how FROM open o JOIN seen s USING (plate)
    QUALIFY row_number() OVER (
        PARTITION BY record_key ORDER BY abs(date_diff('day', o.day, s.day)), s.day, vehicle_id) = 1
"""

_PROVINCE = """
    WITH dated AS (
        SELECT record_key, outlet_code, plate, plate_body,
               coalesce(visited_on, sold_on, updated_on, file_date) AS day
        FROM {record} WHERE plate_body IS NOT NULL
    ), seen AS (
        SELECT DISTINCT outlet_code, plate, plate_body, vehicle_id, day
        FROM dated JOIN {decided} USING (record_key)
    ), open AS (
        SELECT * FROM dated
        WHERE plate IS NULL AND record_key NOT IN (SELECT record_key FROM {decided})
    )
    SELECT record_key, vehicle_id, 'province' AS how
    FROM open o JOIN seen s USING (outlet_code, plate_body)
    -- two provinces' plates that end alike at one outlet tell nothing
    QUALIFY count(DISTINCT s.plate) OVER (PARTITION BY record_key) <= 1
        AND row_number() OVER (
            PARTITION BY record_key ORDER BY abs(date_diff('day', o.day, s.day)), s.day, vehicle_id
        ) = 1
"""

#: Cars that nobody has typed right: by the 17 characters as typed, or by the tail that is known.
_UNKNOWN = """
    SELECT record_key,
           CASE WHEN vin_raw17 IS NOT NULL THEN 'TYPED-' || vin_raw17
                WHEN length(vin_suffix) >= 8 THEN 'SUFFIX-' || vin_suffix
                -- six digits are shared by strangers' cars: the plate or the outlet tells which
                ELSE concat_ws('-', 'SUFFIX', vin_suffix, coalesce(plate, outlet_code))
           END AS vehicle_id, 'apart' AS how
    FROM {record} WHERE (vin_raw17 IS NOT NULL OR vin_suffix IS NOT NULL)
        AND record_key NOT IN (SELECT record_key FROM {decided})
"""

_PLATE_ALONE = """
    SELECT record_key, 'PLATE-' || plate AS vehicle_id, 'apart' AS how
    FROM {record} WHERE plate IS NOT NULL
        AND record_key NOT IN (SELECT record_key FROM {decided})
"""


#: The steps, in order; each takes only what the ones before left open. What a first suffix is found
#: for tells plates and phones that a second is found by.
BY_WHOLE_VIN = (_FULL, _NEAR)
BY_PART = (_REPAIRED, _SUFFIX, _SUFFIX, _UNKNOWN)
BY_PLATE = (_PLATE,)
BY_PROVINCE = (_PROVINCE, _PLATE_ALONE)


def resolve(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Find the vehicle of every record that tells of one; return the records found by each step."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE record_vehicle
        (record_key VARCHAR, vehicle_id VARCHAR, how VARCHAR)
    """)
    near_vins.find(con)
    decide(con, BY_WHOLE_VIN + BY_PART + BY_PLATE + BY_PROVINCE, "record", "record_vehicle")
    con.execute(f"CREATE OR REPLACE TEMP TABLE vehicle AS {cars('true')}")
    return how(con)


def decide(
    con: duckdb.DuckDBPyConnection, steps: tuple[str, ...], records: str, decided: str
) -> None:
    """Take steps over the records of a table, adding to the table `decided`. In: `near_vin`."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE known_vin AS
        SELECT DISTINCT vin FROM {records} WHERE vin_status = 'ok'
    """)
    for step in steps:
        con.execute(f"INSERT INTO {decided} {step.format(record=records, decided=decided)}")
    con.execute("DROP TABLE known_vin")


def cars(which: str) -> str:
    """SQL: the rows of `vehicle` for the rows of `record_vehicle` that `which` names."""
    return f"""
        SELECT vehicle_id, CASE WHEN length(vehicle_id) = 17 AND vehicle_id NOT LIKE '%-%'
                                THEN vehicle_id END AS vin, count(*) AS records
        FROM record_vehicle WHERE {which} GROUP BY vehicle_id ORDER BY vehicle_id
    """


def how(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many records' vehicles were found by each step."""
    # in order: they are part of a run's digest
    rows = con.execute("SELECT how, count(*) FROM record_vehicle GROUP BY how ORDER BY how")
    return {str(step): int(count) for step, count in rows.fetchall()}
