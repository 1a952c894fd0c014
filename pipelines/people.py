"""Who is meant: a customer by golden id, record key, phone or id number, as an operator types."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.errors import SettingError
from pipelines.summary import open_published
from quality.normalise import NOWHERE
from quality.normalise.registry import MODULES
from warehouse.naming import customer_of, records


@dataclass(frozen=True, slots=True)
class Named:
    """How a person is named: by one of these. key: a golden id, also a retired one, or a record."""

    key: str | None = None
    phone: str | None = None
    id_number: str | None = None


def records_of(home: Path, who: Named) -> tuple[str, tuple[str, ...]]:
    """The golden id in use of a person, and the keys of his records.

    Raises SettingError where nobody, or several, are meant.
    """
    with open_published(home) as con:
        golden_id = _found(con, who)
        return golden_id, records(con, golden_id)


def golden_ids(home: Path, golden_id: str) -> tuple[str, ...]:
    """A golden id in use, and those that lead to it."""
    with open_published(home) as con:
        rows = con.execute(
            "SELECT golden_id FROM golden_id_redirect WHERE redirect_to = ? ORDER BY 1", [golden_id]
        ).fetchall()
    return (golden_id, *(str(one) for (one,) in rows))


def _found(con: duckdb.DuckDBPyConnection, who: Named) -> str:
    named = [text for text in (who.key, who.phone, who.id_number) if text is not None]
    if len(named) != 1:
        raise SettingError("name one customer: by KEY, by --phone, or by --id-number")
    if who.key is not None:
        return customer_of(con, who.key)
    if who.phone is not None:
        found = _holders(con, "phone", "phone", who.phone, "pii.customer_phone")
    else:
        found = _holders(con, "identity", "id_number", str(who.id_number), "pii.dim_customer")
    if len(found) != 1:
        told = f"{len(found)} customers have it: {', '.join(found)}" if found else "nobody has it"
        raise SettingError(f"{told}; name one customer by golden id")
    return found[0]


def _holders(
    con: duckdb.DuckDBPyConnection, normaliser: str, attribute: str, typed: str, table: str
) -> list[str]:
    """The golden ids that have a value, whichever way it is written.

    The value itself is not repeated in errors.
    """
    value = MODULES[normaliser].scalar(typed, NOWHERE).value
    if value is None:
        raise SettingError(f"what was typed is no usable {attribute.replace('_', ' ')}")
    sql = f"""
        SELECT golden_id FROM {table} WHERE {attribute} = $1
        UNION SELECT golden_id FROM pii.attribute_lineage
        WHERE attribute = '{attribute}' AND value = $1 ORDER BY 1
    """
    return [str(one) for (one,) in con.execute(sql, [value]).fetchall()]
