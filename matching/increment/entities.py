"""Which entities a change touches, and those parted anew.

What is one entity is decided within a component of links, so the former and the present components
of touched profiles are done again, and no others.
"""

from __future__ import annotations

import duckdb

from matching import engine
from matching.increment import keep
from matching.increment.keep import of_run
from matching.model import Model
from matching.relations import count, kept, number


def update(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, int]:
    """Part the touched components anew; bring `edge`, `entity` and their like up to date.

    In: `touched_profile`, `former_link`; `visited_profile`: those whose records are others now; the
    steward's tables. Out: `touched_entity` (entity_no), the former and present entities in the
    scope; `relinked` (a, b), links that came, went or weigh otherwise. Return the numbers of links,
    entities, refused links and review pairs there are now.
    """
    _find_scope(con)
    _load(con, model)
    engine.part(con, model, count(con, kept(con, "profile")))
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE touched_entity AS
        SELECT DISTINCT entity_no FROM {kept(con, "entity")} SEMI JOIN scope USING (profile_id)
    """)
    _keep(con)
    _ask(con, model)
    for table in ("scope", *keep.statistics(model)):
        con.execute(f"DROP TABLE temp.{table}")
    return {
        "links": number(con, f"SELECT count(*) FROM {kept(con, 'edge')} WHERE band = 'link'"),
        "entities": number(con, f"SELECT count(DISTINCT entity_no) FROM {kept(con, 'entity')}"),
        "refused": count(con, kept(con, "refused_link")),
        "for_review": count(con, kept(con, "review_candidate")),
    }


def _find_scope(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `scope` (profile_id): every component, as it was and as it is, that a change is in."""
    own = {name: kept(con, name) for name in ("record_profile", "component", "edge")}
    unit, opposed = kept(con, "steward_unit"), kept(con, "steward_opposed")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE decided_anew AS
        WITH unit AS ((FROM steward_unit EXCEPT FROM {unit}) UNION
                      (FROM {unit} EXCEPT FROM steward_unit)),
        opposed AS ((FROM steward_opposed EXCEPT FROM {opposed}) UNION
                    (FROM {opposed} EXCEPT FROM steward_opposed)),
        camp AS (SELECT camp FROM opposed UNION SELECT other FROM opposed)
        SELECT record_key FROM unit
        UNION SELECT record_key FROM steward_unit SEMI JOIN camp USING (camp)
        UNION SELECT record_key FROM {unit} SEMI JOIN camp USING (camp)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE scope AS
        SELECT profile_id FROM touched_profile UNION SELECT profile_id FROM visited_profile
        UNION SELECT profile_id FROM {own["record_profile"]} SEMI JOIN decided_anew
        USING (record_key)
    """)
    con.execute(f"""
        INSERT INTO scope SELECT profile_id FROM {own["component"]} WHERE label IN (
            SELECT label FROM {own["component"]} SEMI JOIN scope USING (profile_id))
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE tie AS
        SELECT a, b FROM {own["edge"]} WHERE {_BASE}
        UNION ALL
        SELECT lag(profile_id) OVER (PARTITION BY unit ORDER BY profile_id) AS a, profile_id
        FROM steward_unit JOIN {own["record_profile"]} USING (record_key) QUALIFY a IS NOT NULL
    """)
    grown = 1
    while grown:
        ((grown,),) = con.execute("""
            INSERT INTO scope
            SELECT DISTINCT CASE WHEN a IN (FROM scope) THEN b ELSE a END FROM tie
            WHERE (a IN (FROM scope)) <> (b IN (FROM scope))
        """).fetchall()
    con.execute("""
        CREATE OR REPLACE TEMP TABLE scope AS SELECT DISTINCT profile_id FROM scope
    """)
    con.execute("DROP TABLE tie")
    con.execute("DROP TABLE decided_anew")


#: Links as they were scored, also those that the grouping held back.
_BASE = f"(band = 'link' OR rule IN {engine.HELD_BACK})"


def _load(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make the tables that `engine.part` reads, of the scope alone, its profiles numbered."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE name AS
        SELECT CAST(row_number() OVER (ORDER BY profile_id) - 1 AS INTEGER) AS profile_id,
               profile_id AS key
        FROM {kept(con, "profile")} SEMI JOIN scope USING (profile_id)
    """)
    for table in ("profile", "record_profile", *_frequencies(model)):
        source = table if table in _frequencies(model) else kept(con, table)
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE numbered AS
            SELECT name.profile_id, p.* EXCLUDE (profile_id)
            FROM {source} p JOIN name ON key = p.profile_id
        """)
        con.execute(f"DROP TABLE IF EXISTS temp.{table}")
        con.execute(f"ALTER TABLE numbered RENAME TO {table}")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE edge AS
        SELECT l.profile_id AS a, r.profile_id AS b,
               e.* EXCLUDE (a, b) REPLACE (
                   CASE WHEN {_BASE} THEN 'link' ELSE band END AS band,
                   CASE WHEN {_BASE} THEN NULL ELSE rule END AS rule)
        FROM {kept(con, "edge")} e JOIN name l ON l.key = e.a JOIN name r ON r.key = e.b
    """)


def _frequencies(model: Model) -> list[str]:
    return [f"{name}_frequency" for name, c in model.comparisons.items() if c.frequency]


def _keep(con: duckdb.DuckDBPyConnection) -> None:
    # of a link, the grouping changes no more than whether it holds
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE regrouped AS
        SELECT was.rowid AS place, a, b, now.band, now.rule
        FROM {kept(con, "edge")} was JOIN ({of_run("edge")}) now USING (a, b)
        WHERE (was.band, was.rule) IS DISTINCT FROM (now.band, now.rule)
    """)
    con.execute(f"""
        UPDATE {kept(con, "edge")} AS was SET band = now.band, rule = now.rule
        FROM regrouped now WHERE was.rowid = now.place
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE relinked AS
        WITH now AS (
            SELECT a, b, weight FROM ({of_run("edge")}) WHERE band = 'link'
                AND (a IN (FROM touched_profile) OR b IN (FROM touched_profile)))
        SELECT a, b FROM ((FROM former_link EXCEPT FROM now) UNION ALL
                          (FROM now EXCEPT FROM former_link))
        UNION SELECT a, b FROM regrouped
    """)
    for table, ends in (
        ("refused_link", ("a", "b")), ("component", ("profile_id",)), ("entity", ("profile_id",)),
    ):  # fmt: skip
        where = " AND ".join(f"{end} IN (FROM scope)" for end in ends)
        con.execute(f"DELETE FROM {kept(con, table)} WHERE {where}")
        con.execute(f"INSERT INTO {kept(con, table)} BY NAME {of_run(table)}")
    con.execute(f"""
        INSERT INTO touched_entity
        SELECT DISTINCT entity_no FROM {kept(con, "entity")} SEMI JOIN scope USING (profile_id)
        ANTI JOIN touched_entity USING (entity_no)
    """)
    for table in ("steward_unit", "steward_opposed"):
        con.execute(f"CREATE OR REPLACE TABLE {kept(con, table)} AS FROM temp.{table}")
    for table in ("profile", "record_profile", "edge", "refused_link", "component", "entity",
                  "name", "former_link", "regrouped"):  # fmt: skip
        con.execute(f"DROP TABLE temp.{table}")


def _ask(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Find anew what stewards are asked about entities of the scope, and others beside them."""
    for table in ("edge", "refused_link"):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE {table} AS FROM {kept(con, table)}
            WHERE a IN (FROM scope) OR b IN (FROM scope)
        """)
    own = kept(con, "entity")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE entity AS FROM {own} WHERE entity_no IN (
            SELECT entity_no FROM {own} SEMI JOIN (
                SELECT a AS profile_id FROM temp.edge UNION SELECT b FROM temp.edge)
                USING (profile_id))
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE record_profile AS
        FROM {kept(con, "record_profile")} SEMI JOIN temp.entity USING (profile_id)
    """)
    engine.ask(con, model)
    own = kept(con, "review_candidate")
    con.execute(f"""
        DELETE FROM {own} WHERE low IN (FROM touched_entity) OR high IN (FROM touched_entity)
    """)
    con.execute(f"INSERT INTO {own} BY NAME FROM temp.review_candidate")
    for table in ("edge", "refused_link", "entity", "record_profile", "review_candidate"):
        con.execute(f"DROP TABLE temp.{table}")
