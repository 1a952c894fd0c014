"""Golden records: the best value of each attribute, by an ordered list of criteria.

Values that mean the same (`sense`: a name in traditional characters, a number with one digit
mistyped) stand for each other: they win together, and of them the one that most outlets write.

Tables: in  `stated` (golden_id, attribute, value, sense, validity 0-2, fits, source, outlet_code,
                department, record_key, as_of)
            `steward_value` (golden_id, attribute, value, record_key, as_of): at most one value of
                an attribute, which goes above all criteria; rule "steward"
        out `golden_value` (golden_id, attribute, value, chosen, rule, record_key, source, as_of,
                records): every value that was stated, the chosen one marked, with the criterion
                that set it above the next best
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import duckdb

from connectors.config import Config, read_yaml

SURVIVORSHIP = Path(__file__).parent / "survivorship.yml"

Criterion = Literal["fits", "validity", "agreement", "standing", "trust", "recency", "completeness"]
#: Of values that mean the same, whatever the rules.
_WRITING = ("dotted", "writing", "plainness")


class Survivorship(Config):
    """Attribute -> criteria in the order in which they decide; source -> how far it is trusted.

    half_life_days: until what was said counts half in `standing`.
    """

    trust: dict[str, int]
    half_life_days: int = 300
    attributes: dict[str, tuple[Criterion, ...]]

    @property
    def digest(self) -> str:
        """SHA-256 of the rules' content."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load(path: Path = SURVIVORSHIP) -> Survivorship:
    """Read the rules. Raises SettingError naming the file and every faulty key."""
    return read_yaml(path, Survivorship)


def choose(con: duckdb.DuckDBPyConnection, rules: Survivorship) -> None:
    """Fill `golden_value`."""
    trust = " ".join(f"WHEN '{source}' THEN {level}" for source, level in rules.trust.items())
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE weighed AS
        WITH dated AS (
            SELECT *, max(as_of) OVER (PARTITION BY golden_id, attribute) - as_of AS age FROM stated
        ), meant AS (
            SELECT golden_id, attribute, sense, max(fits) AS fits, max(validity) AS validity,
                   count(DISTINCT coalesce(source || outlet_code || coalesce(department, ''), ''))
                       AS agreement,
                   max(CASE source {trust} ELSE 0 END) AS trust, max(as_of) AS recency,
                   -- to half a saying; summed in whole numbers, whose order does not matter
                   (sum(CAST(1000 * 0.5 ** (age / {rules.half_life_days}.0) AS INTEGER)) + 250)
                       // 500 / 2 AS standing
            FROM dated GROUP BY golden_id, attribute, sense
        ), written AS (
            SELECT golden_id, attribute, sense, value, count(*) AS records,
                   count(DISTINCT source || outlet_code) AS writing,
                   -- 艾力·央金 before 艾力央金
                   contains(value, '·') AS dotted, value = sense AS plainness,
                   length(value) AS completeness,
                   arg_max(record_key, (validity, as_of, record_key)) AS record_key
            FROM stated GROUP BY golden_id, attribute, sense, value
        )
        SELECT *, false AS steward FROM written JOIN meant USING (golden_id, attribute, sense)
    """)
    _put_stewards(con)
    ranked = " UNION ALL ".join(_ranked_sql(a, c) for a, c in rules.attributes.items())
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE golden_value AS
        SELECT golden_id, attribute, r.value, place = 1 AS chosen,
               CASE WHEN place = 1 THEN rule END AS rule, record_key,
               CASE WHEN records = 0 THEN 'steward' ELSE s.source END AS source,
               CASE WHEN records = 0 THEN recency ELSE s.as_of END AS as_of, records
        FROM ({ranked}) r
        LEFT JOIN (SELECT DISTINCT ON (record_key, attribute) record_key, attribute, source, as_of
                   FROM stated ORDER BY record_key, attribute, as_of DESC) s
            USING (record_key, attribute)
        ORDER BY golden_id, attribute, place
    """)


def _put_stewards(con: duckdb.DuckDBPyConnection) -> None:
    """Mark the values in `weighed` that a steward has chosen; add those that no record states."""
    con.execute("""
        UPDATE weighed SET steward = true FROM steward_value s
        WHERE s.golden_id = weighed.golden_id AND s.attribute = weighed.attribute
            AND s.value = weighed.value
    """)
    con.execute("""
        INSERT INTO weighed BY NAME
        SELECT golden_id, attribute, value, as_of AS recency, 0 AS records, record_key,
               true AS steward
        FROM steward_value ANTI JOIN weighed USING (golden_id, attribute, value)
    """)


def _ranked_sql(attribute: str, criteria: tuple[Criterion, ...]) -> str:
    """Values of an attribute in order, with the first criterion in which each beats the next."""
    best = ", ".join(f"{c} DESC NULLS LAST" for c in criteria)
    order = f"steward DESC, {best}, sense, {', '.join(f'{c} DESC' for c in _WRITING)}, value"
    beats = " ".join(
        f"WHEN {c} IS DISTINCT FROM lead({c}) OVER w THEN '{rule}'"
        for c, rule in zip(
            (*criteria, "sense", *_WRITING), (*criteria, "tie", *_WRITING), strict=True
        )
    )
    return f"""
        SELECT golden_id, attribute, value, record_key, records, recency,
               row_number() OVER w AS place,
               CASE WHEN steward THEN 'steward' WHEN lead(value) OVER w IS NULL THEN 'only_value'
                    {beats} ELSE 'tie' END AS rule
        FROM weighed WHERE attribute = '{attribute}'
        WINDOW w AS (PARTITION BY golden_id ORDER BY {order})
    """
