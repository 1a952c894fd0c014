"""A small model and small tables, for tests that want to count on their fingers."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import duckdb

from matching.model import Model

MODEL: dict[str, Any] = {
    "name": "small",
    "version": 1,
    "matches_per_profile": 1,
    "columns": {"name": "name", "city": "city", "phones": "list_sort(phones)", "holder": "name"},
    "behaviours": {"phones": {"by": "holder", "shared": 3, "generic": 5}},
    "blocking": {
        "phone": {"columns": ["phones"], "cap": 10},
        "name_and_city": {"columns": ["name", "city"], "cap": 10},
    },
    "comparisons": {
        "name": {
            "compare": "text",
            "columns": {"value": "name"},
            "frequency": "name",
            "levels": {
                "same": {"m": 0.8, "u": 0.01, "tf": 1},
                "very_close": {"m": 0.1, "u": 0.02, "tf": 0.5},
                "close": {"m": 0.05, "u": 0.02},
                "different": {"m": 0.05, "u": 0.95},
            },
        },
        "city": {
            "compare": "exact",
            "columns": {"value": "city"},
            "levels": {"same": {"m": 0.8, "u": 0.1}, "different": {"m": 0.2, "u": 0.9}},
        },
        "phone": {
            "compare": "phones",
            "columns": {"numbers": "phones", "shared": "phones_shared", "digits": "city"},
            "levels": {
                "same": {"m": 0.9, "holders": 2},
                "same_shared": {"m": 0.1, "u": 0.05},
                "near": {"m": 0.1, "u": 0.1},
                "different": {"m": 0.1, "u": 0.95},
            },
        },
    },
    "thresholds": {"link": 3, "review": -20},
}

#: key, name, city, phones
Record = tuple[str, str | None, str | None, list[str] | None]


def small_model(**changes: Any) -> Model:
    """The model with some of its top-level keys replaced."""
    return Model.model_validate(deepcopy(MODEL) | changes)


def put_records(con: duckdb.DuckDBPyConnection, *records: Record) -> None:
    """Make the table `record` that the small model reads."""
    con.execute("""
        CREATE OR REPLACE TABLE record
        (record_key VARCHAR, name VARCHAR, city VARCHAR, phones VARCHAR[])
    """)
    if records:
        con.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", records)
