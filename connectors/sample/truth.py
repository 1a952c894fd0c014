"""What is true, as Parquet files beside the landing area; the pipeline never reads them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.sample.cars import Vehicle
from connectors.sample.cells import Row
from connectors.sample.companies import Company
from connectors.sample.life import Event
from connectors.sample.people import Person
from connectors.sample.world import World

TEXT, DAY = pa.string(), pa.date32()
KEY: dict[str, pa.DataType] = {"source": TEXT, "outlet_code": TEXT, "source_key": TEXT}
RECORDS = pa.schema(
    KEY | {"entity_id": TEXT, "vehicle_id": TEXT, "relation": TEXT, "errors": pa.list_(TEXT)}
)
VALUES = pa.schema(KEY | dict.fromkeys(("field", "true_value", "typed_value", "channel"), TEXT))
ENTITIES = pa.schema(
    dict.fromkeys(("entity_id", "kind", "name", "phone", "id_number"), TEXT)
    | {"birth_date": DAY, "sex": TEXT, "address": TEXT, "household": TEXT}
)
OWNERSHIP = pa.schema(
    dict.fromkeys(("vehicle_id", "vin", "plate", "entity_id"), TEXT)
    | {"owned_from": DAY, "owned_to": DAY, "how": TEXT}
)
_FILES: dict[str, pa.DataType] = {"path": TEXT, "expected": TEXT, "keyless": pa.int32()}
FILES = pa.schema(_FILES)


class Records:
    """Writes `records-NN` and `values-NN` outlet by outlet."""

    def __init__(self, truth: Path, night: int) -> None:
        self._records = pq.ParquetWriter(truth / f"records-{night:02d}.parquet", RECORDS)
        self._values = pq.ParquetWriter(truth / f"values-{night:02d}.parquet", VALUES)

    def __enter__(self) -> Records:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._records.close()
        self._values.close()

    def add(self, typed: list[tuple[Event, Row]]) -> None:
        """Add the records of one outlet."""
        records, values = [], []
        for event, row in typed:
            outlet = event.outlet
            key = (outlet.source, event.dealer or outlet.code, event.key)
            records.append((*key, event.party.id, event.car.id, event.relation, row.errors))
            values += [(*key, name, *value) for name, value in row.values.items()]
        self._records.write_table(table(RECORDS, records))
        self._values.write_table(table(VALUES, values))


def table(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> pa.Table:
    """Tuples in the order of the schema as a table."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def write_state(truth: Path, night: int, world: World, files: list[tuple[str, str, int]]) -> None:
    """Write entities, ownership (all on the first night, then what changed) and the files."""
    parties: list[Person | Company] = [*world.people.everyone, *world.companies.everyone]
    _save(truth, night, "entities", ENTITIES, (_entity(p, world) for p in world.new(parties)))
    cars = world.new(world.cars.everyone)
    owned = (line for car in cars for line in _ownership(car, world))
    _save(truth, night, "ownership", OWNERSHIP, owned)
    _save(truth, night, "files", FILES, files)


def _save(
    truth: Path, night: int, name: str, schema: pa.Schema, rows: Iterable[tuple[Any, ...]]
) -> None:
    pq.write_table(table(schema, list(rows)), truth / f"{name}-{night:02d}.parquet")


def _entity(party: Person | Company, world: World) -> tuple[Any, ...]:
    address = str(party.home_at(world.last))
    if isinstance(party, Company):
        return (
            party.id,
            "company",
            party.name,
            party.switchboard,
            party.code,
            None,
            None,
            address,
            None,
        )
    household = min([party.id] + [other.id for other in party.family])
    phone = party.phone_at(world.last)
    return (
        party.id,
        "person",
        party.name_at(world.last),
        phone,
        party.code,
        party.born,
        party.sex,
        address,
        household,
    )


def _ownership(car: Vehicle, world: World) -> Iterable[tuple[Any, ...]]:
    plate = car.plate_at(world.last) or None
    for owner in car.owners:
        yield (car.id, car.vin, plate, owner.party.id, owner.since, owner.until, owner.how)
