"""Guards: is what a night changed in proportion to what came in? If not, it is held.

A night is measured inside its transaction, before anything of it stands, and its measures are
held against bounds: fixed ones, which judge the first night too, and the median of the last nights.
Small nights are left alone: below `least`, a share says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

import duckdb
from pydantic import Field

from connectors.config import Config
from matching.relations import number

#: With how many of the last nights one is compared: a week, because outlets have weekly habits.
LAST = 7

#: Tables of the store whose loss of rows means that something went missing.
_TABLES = ("record", "vehicle", "profile", "edge", "member", "golden_value")


class Guards(Config):
    """How far a night may go by itself; null switches a guard off."""

    #: Changes below this number are never out of proportion.
    least: int = Field(default=100, ge=0)
    #: Customers merged away for each new or changed record. A new record joins one customer, and
    #: now and then proves two to be one; more than one in two does not come from records.
    merges_per_changed_record: float | None = Field(default=0.5, gt=0)
    #: Customers merged into a single one in one night.
    merged_into_one: int | None = Field(default=50, ge=1)
    #: Records of a person who is new or grew: a car a year and a visit a month for forty years.
    largest_new_person: int | None = Field(default=500, ge=1)
    #: Compared pairs for each profile: some fifteen times what 20,000 to 250,000 customers need.
    candidates_per_profile: float | None = Field(default=50, gt=0)
    #: Generic values for each profile: the sample world has some 0.002.
    generic_share: float | None = Field(default=0.05, gt=0)
    #: How many times the median of the last nights the two above may be.
    growth: float | None = Field(default=2, gt=1)
    #: Share of its rows that a table of the store may lose.
    shrinkage: float | None = Field(default=0.1, gt=0, le=1)


class Measures(Config):
    """What the guards look at. rows: table of the store -> rows after the night."""

    changed: int
    merged: int
    merged_into_one: int
    largest_new_person: int
    profiles: int
    candidates: int
    #: Profiles whose pairs were looked for: all of them, or those that a change touched.
    looked_at: int
    generic: int
    rows: dict[str, int]


def measure(con: duckdb.DuckDBPyConnection, run_id: int, counts: Mapping[str, Any]) -> Measures:
    """Measure a night whose steps are done. counts: of each step, by its name."""
    records = counts["records"]
    return Measures(
        changed=records.get("new", 0) + records.get("changed", 0),
        merged=counts["entities"].get("merged", 0),
        merged_into_one=number(
            con,
            "SELECT coalesce(max(ids), 0) FROM (SELECT count(*) AS ids FROM golden_id"
            f" WHERE retired_run = {run_id} AND redirect_to IS NOT NULL GROUP BY redirect_to)",
        ),
        largest_new_person=number(con, _LARGEST_PERSON.format(run_id=run_id)),
        profiles=counts["profiles"]["profiles"],
        candidates=counts["edges"]["candidates"],
        looked_at=counts["edges"]["looked_at"],
        generic=counts["profiles"]["generic_values"],
        rows={table: number(con, f"SELECT count(*) FROM main.{table}") for table in _TABLES},
    )


#: The most records of a customer who is not a company, and has got a record this night.
_LARGEST_PERSON = """
    SELECT coalesce(max(records), 0) FROM (
        SELECT count(*) AS records,
               mode(r.name_kind ORDER BY r.name_kind)
                   FILTER (r.name_kind IN ('person', 'company')) AS kind
        FROM member m JOIN record r USING (record_key)
        WHERE golden_id IN (SELECT golden_id FROM member WHERE since_run = {run_id})
        GROUP BY golden_id
    ) WHERE kind IS DISTINCT FROM 'company'
"""


def former(con: duckdb.DuckDBPyConnection) -> list[Measures]:
    """The measures of the last runs that stand, newest first; none of before there were any."""
    rows = con.execute(
        "SELECT json_extract(counts, '$.measures') FROM run"
        " WHERE json_exists(counts, '$.measures') AND undone_by IS NULL"
        " ORDER BY run_id DESC LIMIT ?",
        [LAST],
    ).fetchall()
    return [Measures.model_validate(json.loads(text)) for (text,) in rows]


def judge(night: Measures, before: Sequence[Measures], bounds: Guards) -> list[str]:
    """Why the night is out of proportion, a sentence each; empty if it is not.

    before: the last nights, the newest first.
    """
    return [*_merges(night, bounds), *_volumes(night, before, bounds), *_losses(
        night, before, bounds
    )]  # fmt: skip


def _merges(night: Measures, bounds: Guards) -> Iterator[str]:
    allowed = bounds.merges_per_changed_record
    if allowed and night.merged > max(bounds.least, allowed * night.changed):
        yield (
            f"{night.merged:,} customers were merged away for {night.changed:,} new or changed"
            f" records; guards.merges_per_changed_record allows {allowed:g} each"
        )
    if bounds.merged_into_one and night.merged_into_one > bounds.merged_into_one:
        yield (
            f"{night.merged_into_one:,} customers became a single one;"
            f" guards.merged_into_one allows {bounds.merged_into_one:,}"
        )
    if bounds.largest_new_person and night.largest_new_person > bounds.largest_new_person:
        yield (
            f"a person who is new or grew has {night.largest_new_person:,} records;"
            f" guards.largest_new_person allows {bounds.largest_new_person:,}"
        )


def _volumes(night: Measures, before: Sequence[Measures], bounds: Guards) -> Iterator[str]:
    """Compared pairs and generic values: by themselves, and against the last nights."""
    # nights that looked at what changed are one kind, those that looked at everything another
    like = [b for b in before if _whole(b) == _whole(night)]
    for setting, what, count, among, former in (
        ("candidates_per_profile", "compared pairs", night.candidates, night.looked_at,
         [b.candidates / b.looked_at for b in like if b.looked_at]),
        ("generic_share", "generic values", night.generic, night.profiles,
         [b.generic / b.profiles for b in before if b.profiles]),
    ):  # fmt: skip
        if count <= bounds.least or not among:
            continue
        told = f"{count:,} {what} for {among:,} profiles"
        allowed = getattr(bounds, setting)
        if allowed and count > allowed * among:
            yield f"{told}; guards.{setting} allows {allowed:g} each"
        usual = median(former) * among if former else 0
        if bounds.growth and former and count > max(bounds.growth * usual, usual + bounds.least):
            yield (
                f"{told}, where the last nights would have had {usual:,.0f};"
                f" guards.growth allows {bounds.growth:g} times as many"
            )


def _whole(night: Measures) -> bool:
    """Whether the pairs of all profiles were looked for."""
    return night.looked_at == night.profiles


def _losses(night: Measures, before: Sequence[Measures], bounds: Guards) -> Iterator[str]:
    if not before or not bounds.shrinkage:
        return
    for table, rows in night.rows.items():
        had = before[0].rows.get(table, 0)
        if had - rows > max(bounds.least, bounds.shrinkage * had):
            yield (
                f"the table {table} went from {had:,} to {rows:,} rows;"
                f" guards.shrinkage allows a loss of {bounds.shrinkage:.0%}"
            )
