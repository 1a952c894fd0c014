"""Reading an identity store for an explanation: who is in which entity, and by which links.

Tables: `profile`, `record_profile`, `entity`, `member`, `edge`, `refused_link`, `review_pair`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

from matching.clusters import CERTAIN
from matching.explain.phrases import phrases
from matching.explain.shapes import Doubt, Word
from matching.explain.spanning import Link
from matching.explain.telling import Row
from matching.model import Model
from matching.relations import pull


def profile_of(con: duckdb.DuckDBPyConnection, record: str) -> int:
    """The profile of a record. Raises KeyError where there is no such record."""
    return int(_of_record(con, "SELECT profile_id FROM record_profile", record))


def golden_id_of(con: duckdb.DuckDBPyConnection, record: str) -> str:
    """The customer that a record belongs to. Raises KeyError where there is no such record."""
    return str(_of_record(con, "SELECT golden_id FROM member", record))


def _of_record(con: duckdb.DuckDBPyConnection, select: str, record: str) -> Any:
    rows = con.execute(f"{select} WHERE record_key = ?", [record]).fetchall()
    if not rows:
        raise KeyError(record)
    return rows[0][0]


def members(con: duckdb.DuckDBPyConnection, golden_id: str) -> dict[int, list[str]]:
    """Profile -> its record keys, of an entity."""
    rows = con.execute(
        """SELECT profile_id, list(record_key ORDER BY record_key)
           FROM member JOIN record_profile USING (record_key)
           WHERE golden_id = ? GROUP BY profile_id ORDER BY profile_id""",
        [golden_id],
    ).fetchall()
    return {int(profile): list(records) for profile, records in rows}


def rows_of(con: duckdb.DuckDBPyConnection, profiles: Iterable[int]) -> dict[int, Row]:
    """Profile -> its columns."""
    wanted = ", ".join(map(str, sorted(profiles)))
    found = pull(con, f"SELECT * FROM main.profile WHERE profile_id IN ({wanted})").to_pylist()
    return {row["profile_id"]: row for row in found}


def links_within(
    con: duckdb.DuckDBPyConnection, profiles: dict[int, list[str]], words: Iterable[Word]
) -> list[Link]:
    """The links among the profiles of an entity that were not refused, and its decisions."""
    (entity_no,) = con.execute(
        "SELECT entity_no FROM entity WHERE profile_id = ?", [min(profiles)]
    ).fetchall()[0]
    rows = con.execute(
        """SELECT e.a, e.b, e.weight FROM main.edge e
           JOIN entity x ON x.profile_id = e.a JOIN entity y ON y.profile_id = e.b
           ANTI JOIN refused_link r ON r.a = e.a AND r.b = e.b
           WHERE e.band = 'link' AND x.entity_no = $no AND y.entity_no = $no""",
        {"no": entity_no},
    ).fetchall()
    holder = {record: profile for profile, records in profiles.items() for record in records}
    decided = {
        (min(a, b), max(a, b))
        for w in words
        if w.verdict == "same" and not w.pending and w.left in holder and w.right in holder
        and (a := holder[w.left]) != (b := holder[w.right])
    }  # fmt: skip
    found = {(a, b): weight for a, b, weight in rows} | dict.fromkeys(decided, CERTAIN)
    return [Link(a, b, weight) for (a, b), weight in sorted(found.items())]


def doubts(
    con: duckdb.DuckDBPyConnection, model: Model, golden_id: str, other: str | None = None
) -> tuple[tuple[Doubt, ...], tuple[Doubt, ...]]:
    """What a customer's links to others (or to one other) met: refused, and waiting for a steward.

    Waiting are the pairs of the review list that were not refused: one for each other customer.
    """
    refused = con.execute(_REFUSED, {"id": golden_id, "other": other}).fetchall()
    waiting = con.execute(_WAITING, {"id": golden_id, "other": other}).fetchall()
    return (
        tuple(_refused(con, model, golden_id, *row) for row in refused),
        tuple(_waiting(model, *row) for row in waiting),
    )


def _refused(
    con: duckdb.DuckDBPyConnection, model: Model, golden_id: str, left: str, right: str,
    other: str, weight: float, because: str,
) -> Doubt:  # fmt: skip
    column = _contradicting(model, because)
    values = [_values(con, column, id_) if column else () for id_ in (golden_id, other)]
    says = phrases().reason(model, because)
    bits = None if weight >= CERTAIN else weight
    return Doubt(left, right, other, bits, because, says, values[0], values[1])


def _waiting(model: Model, left: str, right: str, other: str, weight: float, reason: str) -> Doubt:
    return Doubt(left, right, other, weight, reason, phrases().reason(model, reason))


def _contradicting(model: Model, because: str) -> str | None:
    """The column whose values a refusal was about."""
    if because in model.constraints:
        return model.constraints[because].column
    if because == "names" and model.names:
        return next(iter(model.comparisons[model.names].columns.values()))
    return None


def _values(con: duckdb.DuckDBPyConnection, column: str, golden_id: str) -> tuple[str, ...]:
    rows: list[Any] = con.execute(
        f"""SELECT DISTINCT CAST({column} AS VARCHAR) FROM main.profile
            JOIN record_profile USING (profile_id) JOIN member USING (record_key)
            WHERE golden_id = ? AND {column} IS NOT NULL ORDER BY 1""",
        [golden_id],
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


_REFUSED = """
    WITH face AS (
        SELECT profile_id, min(record_key) AS record_key FROM record_profile GROUP BY profile_id
    ), both_ways AS (
        SELECT a, b, weight, because FROM refused_link
        UNION ALL SELECT b, a, weight, because FROM refused_link
    )
    SELECT l.record_key, r.record_key, y.golden_id, weight, because
    FROM both_ways JOIN face l ON l.profile_id = a JOIN face r ON r.profile_id = b
    JOIN member x ON x.record_key = l.record_key JOIN member y ON y.record_key = r.record_key
    WHERE x.golden_id = $id AND y.golden_id <> $id AND y.golden_id = coalesce($other, y.golden_id)
    ORDER BY weight DESC, l.record_key, r.record_key
"""

_WAITING = """
    SELECT own, theirs, other, match_weight, reason FROM (
        SELECT golden_id_a AS id, record_a AS own, record_b AS theirs, golden_id_b AS other,
               match_weight, reason FROM review_pair
        UNION ALL
        SELECT golden_id_b, record_b, record_a, golden_id_a, match_weight, reason FROM review_pair
    ) WHERE id = $id AND other = coalesce($other, other) AND NOT starts_with(reason, 'refused_')
    ORDER BY match_weight DESC, other
"""
