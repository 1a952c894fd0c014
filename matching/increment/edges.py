"""Weights that a change touches: of new pairs, and of pairs whose values are commoner now."""

from __future__ import annotations

import duckdb

from matching import scoring
from matching.model import Model
from matching.relations import count, kept, number


def drift(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Count anew how common values are; add to `touched_profile` those whose weights follow it.

    These are the profiles whose own values came into another class; and all, where the number of
    profiles or the rate of namesakes did. Leaves `<comparison>_frequency` and `<comparison>_nearby`
    behind, as `scoring.share` does.
    """
    profiles = kept(con, "profile")
    scoring.share(con, model, profiles)
    population = scoring.population(count(con, profiles))
    changed = con.execute(
        f"UPDATE {kept(con, 'matched')} SET population = $1 WHERE population <> $1", [population]
    ).fetchall()[0][0]
    for name, comparison in model.comparisons.items():
        if comparison.frequency:
            was = kept(con, f"{name}_frequency")
            con.execute(f"""
                INSERT INTO touched_profile
                SELECT profile_id FROM {name}_frequency now JOIN {was} was USING (profile_id)
                WHERE now.frequency <> was.frequency
            """)
            con.execute(f"CREATE OR REPLACE TABLE {was} AS FROM {name}_frequency")
        if comparison.namesakes:
            was = kept(con, f"{name}_nearby")
            changed += number(
                con,
                f"""SELECT count(*) FROM temp.{name}_nearby now FULL JOIN {was} was USING (place)
                    WHERE now.rate IS DISTINCT FROM was.rate""",
            )
            con.execute(f"CREATE OR REPLACE TABLE {was} AS FROM {name}_nearby")
    if changed:
        con.execute(f"INSERT INTO touched_profile SELECT profile_id FROM {profiles}")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE touched_profile AS
        SELECT DISTINCT profile_id FROM touched_profile
    """)


def update(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Score `candidate` and bring `edge` up to date; return how many edges are new.

    In: `touched_profile`, all of whose pairs are in `candidate`; `changed_profile`. Out:
    `former_link` (a, b, weight), the links of touched profiles before.
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE profile AS FROM {kept(con, "profile")}
        WHERE profile_id IN (SELECT a FROM candidate UNION SELECT b FROM candidate)
    """)
    scoring.compare(con, model)
    found = scoring.weigh(con, model, count(con, kept(con, "profile")))
    own = kept(con, "edge")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE going AS
        SELECT rowid AS place, a, b, weight, band FROM {own}
        WHERE a IN (SELECT profile_id FROM touched_profile)
            OR b IN (SELECT profile_id FROM touched_profile)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE former_link AS
        SELECT a, b, weight FROM going WHERE band = 'link'
    """)
    con.execute(f"DELETE FROM {own} WHERE rowid IN (SELECT place FROM going)")
    con.execute(f"INSERT INTO {own} BY NAME FROM temp.edge")
    for table in ("profile", "candidate", "compared", "edge", "going"):
        con.execute(f"DROP TABLE temp.{table}")
    return found
