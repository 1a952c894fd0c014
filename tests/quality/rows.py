"""Raw rows as `connectors.raw.read_mapped` gives them, made by hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from connectors.raw import PROVENANCE
from quality.contract import TYPED_FIELDS

SCHEMA = pa.schema({name: pa.string() for name in TYPED_FIELDS} | PROVENANCE)
WHERE: dict[str, Any] = {
    "source": "dealer",
    "folder_outlet": "D0012",
    "file_id": "f1",
    "file_seq": 1,
    "file_date": datetime.date(2024, 3, 1),
    "sheet": "",
}


def raw(rows: Iterable[Mapping[str, Any]], **where: Any) -> pa.Table:
    """A table of these rows, numbered from 2; what a row does not say is as in `where`, or null."""
    full = [
        dict.fromkeys(SCHEMA.names) | WHERE | {"row_number": number} | where | dict(row)
        for number, row in enumerate(rows, 2)
    ]
    return pa.Table.from_pylist(full, schema=SCHEMA)
