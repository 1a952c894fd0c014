"""The matcher: records in, entities out; a stateless function over tables of one connection.

`resolve` runs profiles -> candidates -> edges -> entities; each step is a function that can be
called by itself, in that order. Tables that stay behind: `profile`, `record_profile`,
`generic_value`, `edge`, `entity` (profile_id, entity_no), `refused_link`, `review_candidate`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import blocking, bridges, profiles, scoring
from matching.clusters import (
    Constraints,
    Links,
    Pair,
    cluster,
    component_labels,
    lowest,
    with_must,
)
from matching.compare import COMPARATORS
from matching.model import Model
from matching.relations import count, number, pull, put
from matching.steward import SILENT, Steward, opposed_pairs

#: The rules by which the grouping holds links back that were scored as such.
HELD_BACK = ("ambiguous", "outweighed", "bridge")
#: By so many bits a link must outweigh another one for a part of a name to be the one person's and
#: not the other's: of 205 such on four sample worlds (seeds 11, 21, 22, 401) 202 are.
_CLEAR = 7.0
#: Levels of the names comparison that keep two profiles apart unless their own link outweighs it.
#: So do 王刚 and 王志刚: a 王先生 does not make one of what is left to a steward without him.
_APART = (
    "part_missing",
    "one_character",
    "other_surname",
    "other_script",
    "surname_only",
    "different",
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Counts of one run of the matcher."""

    profiles: int
    candidates: int
    links: int
    entities: int
    refused: int
    for_review: int


def resolve(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    records: str,
    steward: Steward = SILENT,
    bits: bool = False,
) -> Resolution:
    """Resolve the rows of the table or view `records` into entities; see the module's docstring.

    bits: edges with the weight of each comparison.
    """
    built = profiles.build(con, model, records, steward)
    pairs = blocking.candidates(con, model)
    scoring.score(con, model, bits)
    return Resolution(built, pairs, *group(con, model))


def group(con: duckdb.DuckDBPyConnection, model: Model) -> tuple[int, int, int, int]:
    """Cluster the edges; return the numbers of links, entities, refused links and review pairs.

    Under the constraints of the model and of the steward whom `profiles.build` was given.
    """
    links, refused = part(con, model, count(con, "profile"))
    review = ask(con, model)
    entities = number(con, "SELECT count(DISTINCT entity_no) FROM entity")
    return links, entities, refused, review


def part(con: duckdb.DuckDBPyConnection, model: Model, population: int) -> tuple[int, int]:
    """Fill `entity` and `refused_link`; return the numbers of links and of those refused.

    population: the profiles that there are in all, of which `profile` may be a few.
    """
    _find_components(con, model)
    constraints = _constraints(con, model)
    links = _links(con, model)
    found = cluster(count(con, "profile"), links, constraints)
    firm = with_must(links, constraints.must)
    _store_entities(con, bridges.cut(con, model, firm, found.entity, population))
    refused = pa.table(
        {
            "a": pa.array([r.a for r in found.refused], pa.int32()),
            "b": pa.array([r.b for r in found.refused], pa.int32()),
            "weight": pa.array([r.weight for r in found.refused], pa.float64()),
            "because": pa.array([r.because for r in found.refused], pa.string()),
        }
    )
    put(con, "refused_link", refused)
    return number(con, "SELECT count(*) FROM edge WHERE band = 'link'"), len(found.refused)


def _links(con: duckdb.DuckDBPyConnection, model: Model) -> Links:
    table = pull(
        con,
        f"""SELECT a, b, weight, coalesce({model.over_names}, false) AS over_names
            FROM edge WHERE band = 'link' ORDER BY a, b""",
    )
    a, b = (table[side].to_numpy().astype(np.int64) for side in ("a", "b"))
    return Links(
        a,
        b,
        table["weight"].to_numpy().astype(np.float64),
        table["over_names"].to_numpy().astype(np.bool_),
    )


def _find_components(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Fill `component` (profile_id, label: the lowest profile) before any link is refused."""
    must = tuple(con.execute(_MUST).fetchall())
    label = component_labels(count(con, "profile"), _links(con, model), must)
    columns = {"profile_id": np.arange(len(label), dtype=np.int32), "label": lowest(label)}
    put(con, "component", pa.table(columns))


def _constraints(con: duckdb.DuckDBPyConnection, model: Model) -> Constraints:
    values = {name: _codes(con, c.column) for name, c in model.constraints.items()}
    camps = pull(con, _CAMPS)
    held = np.stack([camps[side].to_numpy().astype(np.int64) for side in ("profile_id", "camp")], 1)
    plain = Constraints(
        values,
        must=tuple(con.execute(_MUST).fetchall()),
        cannot=tuple(zip(*opposed_pairs(con).to_pydict().values(), strict=True)),
        camps=held,
    )
    if model.names is None:
        return plain
    clashes, within = _name_clashes(con, model, model.names)
    _hold_ambiguous(con, model)
    names = pull(
        con,
        """SELECT coalesce(value_no, -1) AS code FROM profile LEFT JOIN full_name
           USING (profile_id) ORDER BY profile_id""",
    )
    codes = names["code"].to_numpy().astype(np.int64)
    return replace(plain, names=codes, clashes=clashes, clashing=within)


def _codes(con: duckdb.DuckDBPyConnection, column: str) -> npt.NDArray[np.int64]:
    """A dense code for each profile's value of the column, -1 where it has none."""
    table = pull(
        con,
        f"""
        SELECT CASE WHEN {column} IS NULL THEN -1
               ELSE dense_rank() OVER (ORDER BY {column}) END AS code
        FROM profile ORDER BY profile_id
    """,
    )
    return table["code"].to_numpy().astype(np.int64)


def _name_clashes(
    con: duckdb.DuckDBPyConnection, model: Model, names: str
) -> tuple[frozenset[Pair], npt.NDArray[np.int64]]:
    """Which full names within a component contradict, and a profile of each such component.

    Leaves `full_name` (profile_id, value_no) and `clash` (x, y: numbers of names, x < y) behind.
    """
    comparison = model.comparisons[names]
    comparator = COMPARATORS[comparison.compare]
    scoring.number_values(con, names, comparison, "profile")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE full_name AS
        SELECT profile_id, value_no FROM {names}_value JOIN profile USING (profile_id)
        WHERE {model.full_name}
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE held_name AS
        SELECT DISTINCT label, value_no FROM component JOIN full_name USING (profile_id)
    """)
    pairs = pull(
        con,
        """
        SELECT DISTINCT l.value_no AS x, r.value_no AS y
        FROM held_name l JOIN held_name r ON l.label = r.label AND l.value_no < r.value_no
        ORDER BY x, y
        """,
    )
    levels = scoring.bulk_levels(comparator, scoring.values_of(con, names, comparison), pairs)
    apart = np.isin(levels, [comparator.levels.index(level) for level in _APART])
    clashes = pairs.filter(pa.array(apart))
    put(con, "clash", clashes)
    numbers = (clashes[side].to_numpy().tolist() for side in ("x", "y"))
    within = pull(
        con,
        """
        SELECT min(profile_id) AS profile_id
        FROM held_name l JOIN clash ON x = l.value_no
        JOIN held_name r ON r.label = l.label AND r.value_no = y
        JOIN component c ON c.label = l.label GROUP BY l.label ORDER BY 1
        """,
    )
    return frozenset(zip(*numbers, strict=True)), within["profile_id"].to_numpy().astype(np.int64)


def _hold_ambiguous(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """A part of a name that links to two people is the one's whose link is clearly the stronger.

    刘先生 on a number that two brothers share may be either of them: his links wait for a steward.
    In the car that only one of them has, he is that one, and the other's links are left.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE part_link AS
        WITH linked AS (
            SELECT a AS part, b AS whole, weight FROM edge WHERE band = 'link'
            UNION ALL SELECT b, a, weight FROM edge WHERE band = 'link'
        )
        SELECT part, whole, value_no, max(weight) OVER (PARTITION BY part, value_no) AS weight
        FROM linked JOIN full_name ON full_name.profile_id = whole
        WHERE part NOT IN (SELECT profile_id FROM full_name)
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE held_part AS
        WITH named AS (
            SELECT DISTINCT part, value_no, weight FROM part_link
        ), rival AS (
            SELECT part, l.value_no AS one, r.value_no AS other, l.weight - r.weight AS ahead
            FROM named l JOIN named r USING (part)
            JOIN clash ON x = least(l.value_no, r.value_no) AND y = greatest(l.value_no, r.value_no)
        ), outweighed AS (
            SELECT DISTINCT part, other AS value_no FROM rival WHERE ahead >= {_CLEAR}
        ), ambiguous AS (
            SELECT DISTINCT part FROM rival
            ANTI JOIN outweighed o ON o.part = rival.part AND o.value_no IN (one, other)
        )
        SELECT part, whole,
               CASE WHEN o.part IS NULL THEN 'review' ELSE 'leave' END AS band,
               CASE WHEN o.part IS NULL THEN 'ambiguous' ELSE 'outweighed' END AS rule
        FROM part_link LEFT JOIN outweighed o USING (part, value_no)
        WHERE o.part IS NOT NULL OR part IN (FROM ambiguous)
    """)
    con.execute(f"""
        UPDATE edge SET band = h.band, rule = h.rule FROM held_part h
        WHERE edge.a = least(h.part, h.whole) AND edge.b = greatest(h.part, h.whole)
            AND NOT coalesce({model.over_names}, false)
    """)
    con.execute("DROP TABLE part_link")
    con.execute("DROP TABLE held_part")


#: The profiles of a unit, one chained to the next.
_MUST = """
    SELECT lag(profile_id) OVER (PARTITION BY unit ORDER BY profile_id) AS a, profile_id AS b
    FROM (SELECT DISTINCT unit, profile_id FROM steward_unit JOIN record_profile USING (record_key))
    QUALIFY a IS NOT NULL ORDER BY ALL
"""

_CAMPS = """
    SELECT DISTINCT profile_id, c.camp FROM steward_unit u JOIN record_profile USING (record_key)
    JOIN steward_camp c ON c.name = u.camp ORDER BY ALL
"""


def judged_pairs(con: duckdb.DuckDBPyConnection, steward: Steward) -> int:
    """Fill `decided_pair` (a, b, same) for training; return the number of pairs of profiles."""
    put(con, "judged", steward.judged)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE decided_pair AS
        SELECT DISTINCT least(l.profile_id, r.profile_id) AS a,
               greatest(l.profile_id, r.profile_id) AS b, same
        FROM judged JOIN record_profile l ON l.record_key = judged.left
        JOIN record_profile r ON r.record_key = judged.right
        WHERE l.profile_id <> r.profile_id ORDER BY ALL
    """)
    return count(con, "decided_pair")


def _asked(model: Model) -> str:
    """SQL over an edge and `because`: whether a steward hears of the link that was refused so."""
    cases = {
        name: str(constraint.ask).lower() if isinstance(constraint.ask, bool)
        else f"coalesce({constraint.ask}, false)"
        for name, constraint in model.constraints.items()
    }  # fmt: skip
    told = " ".join(f"WHEN '{name}' THEN {sql}" for name, sql in cases.items())
    return f"CASE f.because {told} ELSE true END" if told else "true"


def _no_slip(model: Model) -> str:
    """SQL over a doubt and its entities' sizes: both names are told too often for a slip."""
    if model.slips is None:
        return "false"
    levels = ", ".join(f"'{level}'" for level in model.slips.levels)
    # the words of a steward's own decisions and of id numbers outweigh this
    return (
        f"(d.reason NOT LIKE 'refused_%' AND coalesce(edge.{model.names} IN ({levels}), false)"
        f" AND least(sx.records, sy.records) > {model.slips.records})"
    )


def _store_entities(con: duckdb.DuckDBPyConnection, entity: npt.NDArray[np.int64]) -> None:
    table = pa.table(
        {
            "profile_id": np.arange(len(entity), dtype=np.int32),
            "entity_no": entity.astype(np.int32),
        }
    )
    put(con, "entity", table)


def ask(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Fill `review_candidate`: one pair of profiles for each pair of entities that a steward should
    look at: not those that one has told apart. Return their number.
    """
    levels = ", ".join(f"any_value({name}) AS {name}" for name in model.comparisons)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE review_candidate AS
        WITH size AS (
            SELECT entity_no, count(*) AS records
            FROM record_profile JOIN entity USING (profile_id) GROUP BY entity_no
        ), seat AS (
            SELECT DISTINCT camp, entity_no FROM steward_unit JOIN record_profile USING (record_key)
            JOIN entity USING (profile_id) WHERE camp IS NOT NULL
        ), told_apart AS (
            SELECT DISTINCT least(x.entity_no, y.entity_no) AS low,
                   greatest(x.entity_no, y.entity_no) AS high
            FROM steward_opposed o JOIN seat x ON x.camp = o.camp JOIN seat y ON y.camp = o.other
        ), doubt AS (
            SELECT e.a, e.b, coalesce('refused_' || f.because, e.rule, 'grey_zone') AS reason
            FROM edge e LEFT JOIN refused_link f ON f.a = e.a AND f.b = e.b
            WHERE (f.because IS NOT NULL AND {_asked(model)}) OR e.band = 'review'
        ), placed AS (
            SELECT d.*, least(x.entity_no, y.entity_no) AS low,
                   greatest(x.entity_no, y.entity_no) AS high, edge.* EXCLUDE (a, b, band, rule)
            FROM doubt d JOIN edge USING (a, b)
            JOIN entity x ON x.profile_id = d.a JOIN entity y ON y.profile_id = d.b
            JOIN size sx ON sx.entity_no = x.entity_no JOIN size sy ON sy.entity_no = y.entity_no
            WHERE x.entity_no <> y.entity_no AND NOT {_no_slip(model)}
        )
        SELECT low, high, any_value(a) AS a, any_value(b) AS b, any_value(weight) AS weight,
               any_value(reason) AS reason, any_value(pairs) AS pairs, {levels}
        FROM (SELECT *, count(*) OVER (PARTITION BY low, high) AS pairs
              FROM placed ANTI JOIN told_apart USING (low, high)
              QUALIFY row_number() OVER (PARTITION BY low, high ORDER BY weight DESC, a, b) = 1)
        GROUP BY low, high ORDER BY weight DESC, low, high
    """)
    return count(con, "review_candidate")
