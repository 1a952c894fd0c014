"""Which profiles a change touches, and those made anew."""

from __future__ import annotations

import duckdb

from matching import profiles
from matching.increment.keep import names, of_run
from matching.model import Model
from matching.relations import kept
from matching.steward import Steward, contested, put_units


def update(con: duckdb.DuckDBPyConnection, model: Model, steward: Steward, columns: str) -> None:
    """Make the profiles of touched records anew; bring `profile` and `record_profile` up to date.

    columns: those of `subject`. In: `subject`, `record_before`, `record_after`, `moved`, `turned`.
    Out: `changed_profile` (profile_id): those that came, went or tell something else now;
    `visited_profile`: those whose records may be others now.
    """
    own = kept(con, "record_profile")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE touched_record AS
        SELECT record_key FROM record_after UNION SELECT record_key FROM turned
        UNION SELECT record_key FROM moved SEMI JOIN record USING (record_key)
    """)
    _describe(con, model, columns)
    put_units(con, steward)
    # what stewards keep apart is found among all that they name or named, by old keys and new
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE every_key AS
        SELECT record_key, profile_key FROM keyed UNION ALL
        SELECT record_key, base_key FROM {own}
        WHERE (record_key IN (SELECT record_key FROM steward_unit)
               OR profile_id <> CAST(base_key >> 1 AS BIGINT))
            AND record_key NOT IN (SELECT record_key FROM touched_record)
            AND record_key NOT IN (SELECT record_key FROM record_before)
    """)
    contested(con, "every_key")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE final_key AS
        SELECT record_key, CAST((CASE WHEN name IS NULL THEN profile_key ELSE
               md5_number_lower(concat_ws(chr(0), profile_key, name)) END) >> 1 AS BIGINT) AS now
        FROM every_key LEFT JOIN contested USING (record_key) LEFT JOIN steward_camp USING (camp)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE touched_profile AS
        SELECT profile_id FROM {own} SEMI JOIN touched_record USING (record_key)
        UNION SELECT profile_id FROM {own} SEMI JOIN record_before USING (record_key)
        UNION SELECT now FROM final_key SEMI JOIN touched_record USING (record_key)
        UNION SELECT unnest([now, profile_id]) FROM final_key JOIN {own} USING (record_key)
        WHERE now <> profile_id
    """)
    con.execute(f"""
        INSERT INTO touched_record
        SELECT record_key FROM {own} SEMI JOIN touched_profile USING (profile_id)
        WHERE record_key NOT IN (SELECT record_key FROM touched_record)
            AND record_key NOT IN (SELECT record_key FROM record_before
                                   ANTI JOIN record_after USING (record_key))
    """)
    _describe(con, model, columns)
    profiles.fold(con, model)
    names(con)
    _keep(con)
    for table in ("touched_record", "touched_profile", "every_key", "final_key"):
        con.execute(f"DROP TABLE {table}")


def _describe(con: duckdb.DuckDBPyConnection, model: Model, columns: str) -> None:
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE scope_subject AS
        SELECT {columns} FROM subject SEMI JOIN touched_record USING (record_key)
    """)
    profiles.describe(con, model, "scope_subject")
    con.execute("DROP TABLE scope_subject")


def _keep(con: duckdb.DuckDBPyConnection) -> None:
    """Put the scope's profiles in the place of the former ones; fill `changed_profile`."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE in_scope AS
        SELECT profile_id FROM touched_profile UNION SELECT key FROM name
    """)
    con.execute(f"CREATE OR REPLACE TEMP TABLE present AS {of_run('profile')}")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE former AS
        FROM {kept(con, "profile")} SEMI JOIN in_scope USING (profile_id)
    """)
    # how many records a profile has is no evidence
    con.execute("""
        CREATE OR REPLACE TEMP TABLE changed_profile AS
        WITH was AS (SELECT * EXCLUDE (records) FROM former),
             now AS (SELECT * EXCLUDE (records) FROM present)
        SELECT DISTINCT profile_id FROM ((FROM now EXCEPT FROM was) UNION ALL
                                         (FROM was EXCEPT FROM now))
    """)
    con.execute(f"DELETE FROM {kept(con, 'profile')} WHERE profile_id IN (FROM in_scope)")
    con.execute(f"INSERT INTO {kept(con, 'profile')} BY NAME FROM present")
    con.execute("CREATE OR REPLACE TEMP TABLE visited_profile AS FROM in_scope")
    own = kept(con, "record_profile")
    con.execute(f"""
        DELETE FROM {own} WHERE record_key IN (
            SELECT record_key FROM touched_record UNION ALL SELECT record_key FROM record_before)
    """)
    con.execute(f"INSERT INTO {own} {of_run('record_profile')}")
    for table in ("in_scope", "present", "former", "profile", "record_profile", "name"):
        con.execute(f"DROP TABLE temp.{table}")
