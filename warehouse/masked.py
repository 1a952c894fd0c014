"""What is shown in `main` of a table with personal columns: a view of the same name, masked.

A column that has a mask of its name shows what that leaves; one without is left out. What a company
is called is no secret. A value of `attribute_lineage` is masked as its attribute is.
"""

from __future__ import annotations

from quality.contract import Sensitivity
from warehouse.masking import HIDDEN, MASKS
from warehouse.tables import Column, Table


def select(table: Table) -> str:
    """SQL of the view on `Table.whole`."""
    shown = ", ".join(f"{sql} AS {column.name}" for column, sql in _shown(table))
    return f"SELECT {shown} FROM {table.whole}"


def columns(table: Table) -> tuple[Column, ...]:
    """The view's columns; the meaning of a masked one says what is left."""
    return tuple(
        column
        if column.sensitivity is Sensitivity.INTERNAL
        else Column(column.name, f"{column.meaning}; masked: {left(column)}", Sensitivity.INTERNAL)
        for column, _ in _shown(table)
    )


def left(column: Column) -> str:
    """What is left of a personal or sensitive column, in words."""
    if column.name in MASKS:
        return MASKS[column.name].meaning
    return "as of the attribute" if column.name == "value" else "nothing: it is left out"


def _shown(table: Table) -> list[tuple[Column, str]]:
    return [(column, sql) for column in table.columns if (sql := _sql(table, column))]


def _sql(table: Table, column: Column) -> str | None:
    if column.sensitivity is Sensitivity.INTERNAL:
        return column.name
    if column.name == "value":
        cases = " ".join(
            f"WHEN '{name}' THEN {mask.sql(column.name)}" for name, mask in MASKS.items()
        )
        return f"CASE attribute {cases} ELSE '{HIDDEN}' END"
    if column.name not in MASKS:
        return None
    masked = MASKS[column.name].sql(f"CAST({column.name} AS VARCHAR)")
    if column.name == "name" and table.name in _OF_COMPANIES:
        return f"CASE WHEN kind = 'company' THEN name ELSE {masked} END"
    return masked


#: Tables whose `kind` tells companies.
_OF_COMPANIES = ("dim_customer", "dim_customer_history")
