"""What blocking would cost, before anything is compared.

Table in: `profile`, as `matching.profiles` makes it. Blocks are told by their sizes alone: the
values that make them are personal, and a hash of a phone number is as good as the number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import duckdb

from matching import blocking
from matching.model import Model
from matching.relations import count, number

#: Up to so many pairs before deduplication are counted exactly: some ten seconds on 2 cores.
EXACT_UP_TO = 20_000_000
#: What a candidate pair adds to the resident memory at the peak of `blocking.candidates` and
#: `scoring.score`, over what the process held once the profiles were built. Measured with the
#: customers' model on 116,058 profiles of a sample world (seed 23), 2 threads, no spilling: 325 and
#: 350 bytes with 0.9 and 1.1 million pairs, 250 with 2.3 million. To be measured anew when
#: comparisons are added or the scoring changes.
BYTES_PER_PAIR = 350


@dataclass(frozen=True, slots=True)
class Key:
    """What one blocking key makes, each pair counted as often as blocks hold it.

    blocks: of two or more profiles, which `profiles` counts, each as often as it is in one. pairs:
    that it makes. largest: sizes of its largest blocks. capped_blocks: those above its cap.
    dropped: pairs that the cap leaves out.
    """

    key: str
    cap: int
    blocks: int
    profiles: int
    pairs: int
    largest: tuple[int, ...]
    capped_blocks: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What all keys make together.

    pairs: distinct candidates. exact: whether they were counted, or estimated from one profile in
    `sampled`. memory_bytes: `BYTES_PER_PAIR` for each pair, before anything spills to disk.
    """

    records: int
    profiles: int
    keys: list[Key]
    pairs: int
    exact: bool
    sampled: int
    memory_bytes: int


def preview(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    largest: int = 5,
    exact_up_to: int = EXACT_UP_TO,
) -> Preview:
    """Make the keys of all profiles and count; no pair is written out."""
    blocking.make_keys(con, model)
    keys = _keys(con, model, largest)
    sampled = max(1, math.ceil(sum(key.pairs for key in keys) / exact_up_to))
    pairs = _distinct(con, sampled) * sampled
    con.execute("DROP TABLE blocking_key")
    return Preview(
        records=number(con, "SELECT sum(records) FROM profile"),
        profiles=count(con, "profile"),
        keys=keys,
        pairs=pairs,
        exact=sampled == 1,
        sampled=sampled,
        memory_bytes=pairs * BYTES_PER_PAIR,
    )


def _keys(con: duckdb.DuckDBPyConnection, model: Model, largest: int) -> list[Key]:
    """Each key's counts, in the model's order."""
    near = blocking.NEIGHBOURS
    rows = con.execute(f"""
        WITH sized AS (
            SELECT key_no, profiles, capped, profiles * (profiles - 1) // 2 AS every,
                   CASE WHEN capped AND profiles > {near}
                        THEN {near} * profiles - {near * (near + 1) // 2}
                        ELSE profiles * (profiles - 1) // 2 END AS pairs
            FROM block
        )
        SELECT key_no, count(*), sum(profiles), sum(pairs), max(profiles, {largest}),
               count(*) FILTER (capped), sum(every - pairs)
        FROM sized GROUP BY key_no
    """).fetchall()
    found = {key_no: values for key_no, *values in rows}
    nothing = (0, 0, 0, (), 0, 0)
    keys = []
    for key_no, (name, key) in enumerate(model.blocking.items()):
        blocks, profiles, pairs, sizes, capped, dropped = found.get(key_no, nothing)
        keys.append(
            Key(
                key=name,
                cap=key.cap,
                blocks=int(blocks),
                profiles=int(profiles),
                pairs=int(pairs),
                largest=tuple(int(size) for size in sizes),
                capped_blocks=int(capped),
                dropped=int(dropped),
            )
        )
    return keys


def _distinct(con: duckdb.DuckDBPyConnection, sampled: int) -> int:
    """Distinct pairs whose lower profile is one in `sampled`, chosen by hash."""
    chosen = f"hash(profile_id) % {sampled} = 0"
    return number(
        con,
        f"""
        SELECT count(*) FROM (
            SELECT l.profile_id AS a, r.profile_id AS b
            FROM (FROM blocking_key WHERE NOT capped AND {chosen}) l
            JOIN blocking_key r ON l.key_no = r.key_no AND l.hash = r.hash
                AND l.profile_id < r.profile_id
            UNION
            SELECT a, unnest(neighbours) AS b FROM (
                SELECT profile_id AS a, list(profile_id) OVER (
                    PARTITION BY key_no, hash ORDER BY profile_id
                    ROWS BETWEEN 1 FOLLOWING AND {blocking.NEIGHBOURS} FOLLOWING) AS neighbours
                FROM blocking_key WHERE capped
            ) WHERE {chosen.replace("profile_id", "a")}
        )
        """,
    )
