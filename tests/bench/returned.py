"""How typed values come back: of noisy ones the true value, of good ones nothing bad.

Every distinct pair of a true and a typed value in the sample's truth is normalised, on both sides.

A cell may hold two slips, one that a rule sees (a trailing `.0`) and one that nothing in the value
betrays (a wrong digit of a phone). Mending the first is right, though the value is not the true
one. So a repair is judged by what it changed: wrong where it brought the cell no nearer to the
truth, in single characters typed, left out, changed or swapped; of an address, where the divisions
that it names are not the true ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rapidfuzz.distance import OSA

from quality.normalise import Status, Value
from quality.normalise.address import AddressValue
from quality.normalise.cell import folded
from quality.normalise.registry import MODULES

NORMALISERS = {
    "name": "name",
    "phone": "phone",
    "vin": "vin",
    "plate": "plate",
    "id_number": "identity",
    "address": "address",
}
# the point of a spreadsheet's trailing .0 is none
_SEPARATORS = re.compile(r"[^\w.]|_|\.(?!0+$)")
_BAD = (Status.INVALID, Status.PLACEHOLDER)


@dataclass
class Returned:
    """Counts over the distinct pairs of a field.

    good: typed as it truly is; called_bad: of these, without a value or refused. noisy: typed
    otherwise; back: of these, understood as the true value. repaired: values with that status;
    another_slip: of these, rightly mended, and still not the true value; repaired_wrongly: of
    these, mended to what is no nearer to the truth.
    """

    good: int = 0
    called_bad: int = 0
    noisy: int = 0
    back: int = 0
    repaired: int = 0
    another_slip: int = 0
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
    normalise = MODULES[NORMALISERS[field]].scalar
    true, typed = normalise(true_value), normalise(typed_value)  # type: ignore[call-arg]
    right = typed.value is not None and _meant(typed) == _meant(true)
    if true_value == typed_value:
        counts.good += 1
        counts.called_bad += typed.value is None or typed.status in _BAD
        return
    counts.noisy += 1
    counts.back += right
    if typed.status is Status.REPAIRED:
        counts.repaired += 1
        mended = right or came_nearer(true, typed)
        counts.another_slip += mended and not right
        counts.repaired_wrongly += not mended


def _meant(value: Value) -> object:
    """What a value says; of an address its levels, since the value keeps 3栋 beside 3号楼."""
    if not isinstance(value, AddressValue):
        return value.value
    door = (value.road, value.number, value.estate, value.building, value.unit, value.room)
    return _divisions(value), door


def came_nearer(true: Value, repaired: Value) -> bool:
    """Whether a repair moved what was typed towards the truth."""
    if isinstance(true, AddressValue) and isinstance(repaired, AddressValue):
        return _divisions(true) == _divisions(repaired)
    truth = _bare(true.value)
    before, after = (_bare(text) for text in (repaired.typed, repaired.value))
    return OSA.distance(after, truth) < OSA.distance(before, truth)


def _divisions(address: AddressValue) -> tuple[str | None, ...]:
    return address.province_code, address.city_code, address.district_code


def _bare(text: str | None) -> str:
    """What of a cell a repair may change: without separators, the country's code and case."""
    return _SEPARATORS.sub("", folded(text or "").upper().removeprefix("+86"))
