"""What is shown in `main` of a table with personal columns: a view of the same name, masked.

A column that has a mask of its name shows what that leaves; one without is left out. What a company
is called is no secret. A value of `attribute_lineage` is masked as its attribute is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from quality.contract import Sensitivity
from warehouse.masking import HIDDEN, MASKS
from warehouse.tables import Column, Table, tables


def view(table: Table) -> Table:
    """The view of a table with personal columns; what is masked says what is left of it."""
    shown = [(column, sql) for column in table.columns if (sql := _sql(table, column))]
    columns = tuple(
        column
        if column.sensitivity is Sensitivity.INTERNAL
        else Column(column.name, f"{column.meaning}; masked: {left(column)}", Sensitivity.INTERNAL)
        for column, _ in shown
    )
    listed = ", ".join(f"{sql} AS {column.name}" for column, sql in shown)
    select = f"SELECT {listed} FROM {table.whole}"
    return replace(table, columns=columns, select=select, is_view=True)


@cache
def relations() -> tuple[Table, ...]:
    """Every table and view of the file; a view that masks comes right after its table."""
    return tuple(
        one
        for table in tables()
        for one in ([table, view(table)] if table.is_personal else [table])
    )


def left(column: Column) -> str:
    """What is left of a personal or sensitive column, in words."""
    if column.name in MASKS:
        return MASKS[column.name].meaning
    return "as of the attribute" if column.name == "value" else "nothing: it is left out"


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
