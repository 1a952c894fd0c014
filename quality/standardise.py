"""Raw rows to standard records, and the rows that cannot be used at all.

Nothing is thrown away because it is bad: a bad phone makes the phone unusable, not the row. A row
is held only when it has no key, or nothing in it could ever tell whose it is, or when it was
emptied because nobody may keep it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.raw import read_mapped
from quality import contract
from quality.normalise import NOWHERE, Near
from quality.normalise.bulk.arrays import Column
from quality.normalise.column import apply, put_in
from quality.normalise.registry import MODULES
from quality.region import Regions, infer_regions

#: Reason codes of held rows, in the order in which they are looked for.
NO_KEY, NOTHING_IDENTIFYING = "no_key", "nothing_identifying"
#: Reason codes of rows that were emptied because nobody may keep them (`connectors.raw_rows`).
ERASED, EXPIRED = "erased", "expired"
#: What may tell whose a held row is, so that it can be recognised as one that may not be kept.
TELLING = ("name_fold", "phones", "id_number", "vin", "plate", "email")
#: What is staged of a held row: where it stands, why it is held, and what is in `TELLING`; only the
#: first two are kept.
HELD_SCHEMA = pa.schema(
    {name: kind for name, (kind, _) in contract.PROVENANCE.items()}
    | {"reason": pa.string()}
    | {name: contract.schema().field(name).type for name in TELLING}
)
#: A record that has none of these cannot be told apart from any other.
_IDENTIFYING = ("name", "phone", "id_number", "vin", "vin_suffix", "plate", "email")
#: Every day of the contract, and the birth in an id, is of what has happened: no later than the day
#: on which its file arrived, and one more, since an outlet's clock may be ahead of ours.
_OF_THE_PAST = ("date", "identity")
_GRACE = datetime.timedelta(days=1)
#: Fields that an outlet's region may complete, and which of their values it cannot change.
_SETTLED: dict[str, Callable[[pa.Table], Column]] = {
    # a mobile leaves no room for a second number in so short a cell
    "phone": lambda values: pc.and_(
        pc.equal(values["kind"], pa.scalar("mobile")),
        pc.less_equal(pc.utf8_length(values["typed"]), pa.scalar(13, pa.int32())),
    ),
    "plate": lambda values: pc.and_(
        pc.equal(values["status"], pa.scalar("ok")), pc.invert(_filled(values["others"]))
    ),
}


@dataclass(frozen=True, slots=True)
class Standardised:
    """records: by `contract.schema()`. held: by `HELD_SCHEMA`, one row a held row."""

    records: pa.Table
    held: pa.Table


def standardise(raw: pa.Table, report: Callable[[str], None] = lambda field: None) -> Standardised:
    """Understand every field of the rows that `connectors.raw.read_mapped` gave.

    report: called with each field's name before it is worked on.
    """
    columns: dict[str, Column] = dict(_provenance(raw))
    values = {}
    clocks, clock_index = _clocks(raw["arrived_on"])
    for field in contract.FIELDS:
        report(field.name)
        clocked = field.normaliser in _OF_THE_PAST
        around = (clocks, clock_index) if clocked else ()
        values[field.name] = apply(MODULES[field.normaliser], raw[field.name], *around)
    regions = infer_regions(raw, values)
    for field in contract.FIELDS:
        if field.name in _SETTLED:
            values[field.name] = _complete(field, raw[field.name], values[field.name], regions)
        columns |= {
            name: values[field.name][attribute] for name, (attribute, _) in field.columns().items()
        }
    columns |= _companies(columns)
    columns["phones"] = _all_phones(columns)
    records = pa.table({name: columns[name] for name in contract.schema().names})
    records = records.cast(contract.schema())
    return _hold(records, raw["removed"])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a night's rows on disk. rows: raw rows read for it."""

    rows: int
    records: int
    held: int


def standardise_part(
    raw_files: Sequence[Path],
    records: Path,
    held: Path,
    report: Callable[[str], None] = lambda field: None,
) -> Part:
    """Standardise raw files into two Parquet files; may run in a process of its own."""
    raw = read_mapped(raw_files, contract.TYPED_FIELDS)
    done = standardise(raw, report)
    pq.write_table(done.records, records, compression="lz4")
    pq.write_table(done.held, held)
    return Part(raw.num_rows, done.records.num_rows, done.held.num_rows)


def _provenance(raw: pa.Table) -> dict[str, Column]:
    key = pc.utf8_trim_whitespace(raw["source_key"])
    key = pc.if_else(pc.equal(key, pa.scalar("")), pa.scalar(None, pa.string()), key)
    typed_outlet = pc.utf8_upper(pc.utf8_trim_whitespace(raw["outlet_code"]))
    outlet = pc.coalesce(raw["folder_outlet"], typed_outlet, pa.scalar(""))
    # HQ's key is unique at HQ: a corrected dealer code must not make another record of it
    at = pc.coalesce(raw["folder_outlet"], pa.scalar(""))
    record_key = pc.binary_join_element_wise(raw["source"], at, key, "/")
    own = {"record_key": record_key, "outlet_code": outlet, "source_key": key}
    return {name: own.get(name, raw[name] if name in raw.column_names else None)
            for name in contract.PROVENANCE}  # fmt: skip


def _clocks(arrived_on: Column) -> tuple[list[Near], Column]:
    """The surroundings of each row's days: the distinct ones, and which of them a row has."""
    encoded = _one_chunk(arrived_on).dictionary_encode(null_encoding="encode")
    days = encoded.dictionary.to_pylist()
    return [Near(latest=day and day + _GRACE) for day in days], encoded.indices


def _complete(field: contract.Field, typed: Column, values: pa.Table, regions: Regions) -> pa.Table:
    """The values with those that an outlet's region may complete understood again within it."""
    settled = pc.fill_null(_SETTLED[field.name](values), False)
    nowhere = pc.equal(regions.index, pa.scalar(0, pa.int32()))
    open_ = pc.invert(pc.or_(pc.or_(settled, nowhere), pc.is_null(typed)))
    again = apply(
        MODULES[field.normaliser],
        typed.filter(open_),
        regions.distinct,
        regions.index.filter(_one_chunk(open_)),
    )
    return put_in(values, _one_chunk(open_), again)


def _one_chunk(column: Column) -> Column:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _companies(columns: dict[str, Column]) -> dict[str, Column]:
    """The parts of the names that are companies'."""
    is_company = pc.equal(columns["name_kind"], pa.scalar("company"))
    names = pc.if_else(is_company, columns["name"], pa.scalar(None, pa.string()))
    values = apply(MODULES["company"], names)
    return {name: values[attribute] for name, (attribute, _) in contract.COMPANY.columns().items()}


def _all_phones(columns: dict[str, Column]) -> Column:
    """Every usable number of the row: of the phone cell, and what stood in the name cell."""
    cells = pa.table({n: columns[n] for n in ("phone", "phone_others", "name_phones")})
    several = _one_chunk(pc.or_(_filled(cells["phone_others"]), _filled(cells["name_phones"])))
    one = _one_chunk(cells["phone"])
    told: Column = pc.cast(pc.is_valid(one), pa.int32())
    ends = pc.cumulative_sum(told)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    lists = pa.ListArray.from_arrays(offsets, one.drop_null())
    rest = [_numbers(**row) for row in cells.filter(several).to_pylist()]
    merged = pa.table({"phones": pa.array(rest, pa.list_(pa.string()))})
    return put_in(pa.table({"phones": lists}), several, merged)["phones"]


def _filled(lists: Column) -> Column:
    """Whether each list holds anything."""
    lengths: Column = pc.list_value_length(lists)
    longer: Column = pc.greater(lengths, pa.scalar(0, pa.int32()))
    return pc.fill_null(longer, False)


def _numbers(
    phone: str | None, phone_others: list[str] | None, name_phones: list[str] | None
) -> list[str]:
    """The numbers of one row in order, each once."""
    inside = (MODULES["phone"].scalar(text, NOWHERE).value for text in name_phones or ())
    found = [phone, *(phone_others or ()), *inside]
    return list(dict.fromkeys(number for number in found if number and number.startswith("+")))


def _hold(records: pa.Table, removed: Column) -> Standardised:
    """Set the unusable rows aside, each under one reason."""
    no_key = pc.is_null(records["source_key"])
    known = pc.is_valid(records[_IDENTIFYING[0]])
    for name in _IDENTIFYING[1:]:
        known = pc.or_(known, pc.is_valid(records[name]))
    reason = pc.case_when(
        pc.make_struct(no_key, pc.invert(known)), pa.scalar(NO_KEY), pa.scalar(NOTHING_IDENTIFYING)
    )
    reason = pc.coalesce(removed, reason)
    held = pc.is_valid(reason)
    aside = records.append_column("reason", reason).select(HELD_SCHEMA.names)
    return Standardised(records.filter(pc.invert(held)), aside.filter(held).cast(HELD_SCHEMA))
