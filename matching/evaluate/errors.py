"""The wrong and the missed pairs: which they are, how they compare, of what kind they are.

Pairs are of profiles, each standing for all pairs of its records. Where there would be too many to
write out, they are taken from one profile in so many, and counts are scaled up.
Tables: in `judged`, `candidate`, `profile` with `entity_no`, `refused_link`, `review`; out `error`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import duckdb

from matching import scoring
from matching.evaluate.kinds import COMPARISONS, MISSED, WRONG, kind_sql
from matching.evaluate.measures import Rivals, differ_sql
from matching.model import Model, Thresholds
from matching.relations import number

#: So many pairs of profiles are compared, whatever the partition: about 1 GB, 15 s on 2 cores.
MOST = 1_000_000
#: Below any weight: every pair is kept.
_ALL = -1e9


@dataclass(frozen=True, slots=True)
class Kind:
    """Errors of a kind, missed or wrong.

    pairs: of records. entity_pairs: pairs of found entities that are one (missed), or of true ones
    that were joined (wrong), each counted with its strongest pair of profiles alone: a record that
    was left out of ten is ten missed pairs, and one reason; never scaled up. compared: pairs of
    records that blocking brought together. waiting: pairs of records whose two entities wait for
    a steward.
    """

    error: str
    kind: str
    entity_pairs: int
    pairs: int
    compared: int
    waiting: int


def find(
    con: duckdb.DuckDBPyConnection, model: Model, rivals: Rivals = None, most: int = MOST
) -> int:
    """Fill `error` with the errors and their levels; return of how many profiles one was looked at.

    error: error (missed or wrong), kind, record_a, record_b (the lowest record keys of the two
    profiles), pairs (of records), strongest (of all pairs between the same entities), weight (bits,
    as if blocking had found the pair), rule (that holds it back), compared, waiting, entity_a,
    entity_b (golden ids), and `level_<comparison>` for each comparison.
    Raises ValueError unless `most` is positive.
    """
    if most < 1:
        raise ValueError("most must be positive")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE cell AS
        SELECT profile_id, entity, found, any_value(golden_id) AS golden_id, count(*) AS records,
               min(record_key) AS record_key
        FROM judged GROUP BY profile_id, entity, found
    """)
    # both kinds lie in entities that are not exactly right; the rest is let go at once
    con.execute("""
        DELETE FROM cell WHERE
            entity NOT IN (SELECT entity FROM cell GROUP BY entity HAVING count(DISTINCT found) > 1)
            AND found NOT IN (SELECT found FROM cell GROUP BY found
                              HAVING count(DISTINCT entity) > 1)
    """)
    step = math.ceil(math.sqrt(max(_size(con), 1) / most))
    con.execute("DELETE FROM cell WHERE hash(record_key) % ? <> 0", [step])
    _pair_up(con, rivals)
    _compare(con, model)
    return step


def summary(con: duckdb.DuckDBPyConnection, step: int) -> list[Kind]:
    """The errors of each kind, most first; scaled up where only one profile in `step` was seen."""
    rows = con.execute("""
        SELECT error, kind, count(*) FILTER (strongest), sum(pairs),
               coalesce(sum(pairs) FILTER (compared), 0), coalesce(sum(pairs) FILTER (waiting), 0)
        FROM error GROUP BY error, kind ORDER BY error, 4 DESC, kind
    """).fetchall()
    return [
        Kind(str(error), str(kind), int(entities), *(int(n) * step * step for n in counts))
        for error, kind, entities, *counts in rows
    ]


def _size(con: duckdb.DuckDBPyConnection) -> int:
    """Pairs of cells that are wrong or missed, where all true entities differ."""
    return number(
        con,
        """
        SELECT sum(sign * n * (n - 1) // 2) FROM (
            SELECT 1 AS sign, count(*) AS n FROM cell GROUP BY entity
            UNION ALL SELECT 1, count(*) FROM cell GROUP BY found
            UNION ALL SELECT -2, count(*) FROM cell GROUP BY entity, found)
        """,
    )


def _pair_up(con: duckdb.DuckDBPyConnection, rivals: Rivals) -> None:
    """Fill `error_pair` with the errors, a <= b; a = b where one profile is two entities."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE error_pair AS
        WITH pair AS (
            SELECT 'missed' AS error, l, r FROM cell l JOIN cell r
                ON l.entity = r.entity AND l.found <> r.found AND l.profile_id < r.profile_id
            UNION ALL
            SELECT 'wrong', l, r FROM cell l JOIN cell r
                ON l.found = r.found AND l.entity <> r.entity
                AND (l.profile_id, l.entity) < (r.profile_id, r.entity)
            WHERE {differ_sql(rivals)}
        )
        SELECT error, l.profile_id AS a, r.profile_id AS b, l.record_key AS record_a,
               r.record_key AS record_b, l.golden_id AS entity_a, r.golden_id AS entity_b,
               l.records * r.records AS pairs,
               [least(l.found, r.found), greatest(l.found, r.found),
                least(l.entity, r.entity), greatest(l.entity, r.entity)] AS whose,
               c.a IS NOT NULL OR l.profile_id = r.profile_id AS compared,
               least(entity_a, entity_b) || greatest(entity_a, entity_b) IN
                   (SELECT golden_id_a || golden_id_b FROM review) AS waiting
        FROM pair LEFT JOIN candidate c ON c.a = l.profile_id AND c.b = r.profile_id
    """)


def _compare(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Fill `error`: score every pair as if blocking had found it and no rule were there."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE candidate AS
        SELECT DISTINCT a, b FROM error_pair WHERE a < b ORDER BY a, b
    """)
    scoring.score(con, _without_rules(model))
    kinds = f"CASE error WHEN 'missed' THEN {kind_sql(MISSED)} ELSE {kind_sql(WRONG)} END"
    lacking = [name for name in COMPARISONS if name not in model.comparisons]
    nothing = "".join(f", CAST(NULL AS VARCHAR) AS {name}" for name in lacking)
    levels = ", ".join(f"{name} AS level_{name}" for name in model.comparisons)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE error AS
        WITH ruled AS (SELECT *, {_rule_sql(model)} AS held_by FROM edge),
        weighed AS (
            SELECT p.*, ruled.* EXCLUDE (a, b, rule, band) {nothing},
                   {_apart_sql(model)} AS kept_apart
            FROM error_pair p LEFT JOIN ruled USING (a, b)
            JOIN profile l ON l.profile_id = p.a JOIN profile r ON r.profile_id = p.b
            LEFT JOIN (
                SELECT DISTINCT least(x.entity_no, y.entity_no) AS low,
                       greatest(x.entity_no, y.entity_no) AS high
                FROM refused_link f JOIN profile x ON x.profile_id = f.a
                JOIN profile y ON y.profile_id = f.b
            ) refused ON low = least(l.entity_no, r.entity_no)
                AND high = greatest(l.entity_no, r.entity_no)
        )
        SELECT error, {kinds} AS kind, record_a, record_b, pairs,
               row_number() OVER (PARTITION BY error, whose
                   ORDER BY weight DESC NULLS LAST, record_a, record_b) = 1 AS strongest,
               round(weight, 3) AS weight, held_by AS rule, compared, waiting,
               entity_a, entity_b, {levels}
        FROM weighed ORDER BY error, kind, record_a, record_b
    """)


def _without_rules(model: Model) -> Model:
    link = model.thresholds.link
    return model.model_copy(update={"rules": {}, "thresholds": Thresholds(link=link, review=_ALL)})


def _rule_sql(model: Model) -> str:
    """The first rule that would leave the pair, else the first that asks a steward."""
    ordered = sorted(model.rules.items(), key=lambda item: item[1].band != "leave")
    cases = " ".join(f"WHEN {rule.when} THEN '{name}'" for name, rule in ordered)
    return f"CASE {cases} END" if cases else "CAST(NULL AS VARCHAR)"


def _apart_sql(model: Model) -> str:
    values = [f"coalesce(l.{c.column} <> r.{c.column}, false)" for c in model.constraints.values()]
    return " OR ".join(["refused.low IS NOT NULL", *values])
