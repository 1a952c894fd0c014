"""How typed values come back: of noisy ones the true value, of good ones nothing bad.

Every distinct pair of a true and a typed value in the sample's truth is normalised, on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from quality.normalise import Status
from quality.normalise.registry import MODULES

NORMALISERS = {
    "name": "name",
    "phone": "phone",
    "vin": "vin",
    "plate": "plate",
    "id_number": "identity",
    "address": "address",
}
_BAD = (Status.INVALID, Status.PLACEHOLDER)


@dataclass
class Returned:
    """Counts over the distinct pairs of a field.

    good: typed as it truly is; called_bad: of these, not understood as it is. noisy: typed
    otherwise; back: of these, understood as the true value. repaired, repaired_wrongly: values
    with status repaired, and those of them that are not the true value.
    """

    good: int = 0
    called_bad: int = 0
    noisy: int = 0
    back: int = 0
    repaired: int = 0
    repaired_wrongly: int = 0


def measure(truth: Path) -> dict[str, Returned]:
    """Field -> its counts, over the truth of every night in the folder."""
    columns = ["field", "true_value", "typed_value"]
    files = sorted(truth.glob("values-*.parquet"))
    table = pa.concat_tables([pq.read_table(f, columns=columns) for f in files])
    pairs = table.group_by(columns).aggregate([]).to_pylist()
    found = {field: Returned() for field in NORMALISERS}
    for pair in pairs:
        if pair["field"] in NORMALISERS:
            _count(found[pair["field"]], **pair)
    return found


def _count(counts: Returned, field: str, true_value: str, typed_value: str) -> None:
    normalise = MODULES[NORMALISERS[field]][0]
    true, typed = normalise(true_value), normalise(typed_value)  # type: ignore[call-arg]
    right = typed.value == true.value and typed.value is not None
    if true_value == typed_value:
        counts.good += 1
        counts.called_bad += typed.status in _BAD
        return
    counts.noisy += 1
    counts.back += right
    if typed.status is Status.REPAIRED:
        counts.repaired += 1
        counts.repaired_wrongly += not right
