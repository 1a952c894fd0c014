"""Write all that is held about one person, for him or for whoever may have it, and enter it."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from connectors.raw_rows import read_rows
from matching.decisions import Value
from matching.relations import pull, put
from pipelines import raw_places, upkeep
from pipelines.exporting import now, workplace
from pipelines.night import Night
from pipelines.people import Named, golden_ids, records_of
from warehouse.erasure import removal
from warehouse.erasure.marks import table_of
from warehouse.exports import delivery, dossier, sealing
from warehouse.exports.forms import write_xlsx
from warehouse.exports.register import PERSON, Export, Register
from warehouse.publish import LINK


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose data are asked for, where they go, who asks, and who gets them.

    encrypt_for: a file with public keys; then the files end with .age.
    """

    who: Named
    output: Path
    author: str
    to: str
    encrypt_for: Path | None = None


def write(home: Path, asked: Asked) -> dict[str, Any]:
    """Write `person.json` and `person.xlsx` into a new folder; return the register's entry.

    The entry has its `number`. Raises SettingError where nobody, or several, are meant, or the
    output is there already, and HomeBusy.
    """
    receivers = sealing.read_keys(asked.encrypt_for) if asked.encrypt_for else None
    output = asked.output.absolute()
    delivery.check_free(output)
    with upkeep.holding(home, "person") as night, workplace(home) as work:
        golden_id, keys = records_of(home, asked.who)
        ids = golden_ids(home, golden_id)
        with upkeep.opened(night) as con:
            put(con, "leaving", pa.table({"record_key": pa.array(keys, pa.string())}))
            removal.versions(con)
            versions = pull(con, "FROM leaving_version ORDER BY record_key, file_seq, row_number")
            more = {
                "raw_cell": _raw_cells(night, con),
                "decision": _decisions(night, set(keys)),
                "export": _exports(home, ids),
            }
        made = work / PERSON
        made.mkdir(mode=0o700)
        published, limits = (home / LINK).resolve(), night.settings.limits
        with dossier.gather(published, ids, versions, more, work, limits) as excerpt:
            dossier.write_json(excerpt, made / f"{PERSON}.json")
            write_xlsx(excerpt, made / f"{PERSON}.xlsx")
        for file in (receivers.seal(made) if receivers else made).iterdir():
            os.chmod(file, 0o600)
        beside = delivery.bring_beside(made, output)
        entry = Export(
            asked_by=asked.author,
            asked_at=now(),
            role=PERSON,
            group=None,
            outlets=(),
            tables=excerpt.rows,
            file=str(output),
            digest=delivery.digest_of(beside),
            run_id=excerpt.run_id,
            encrypted_for=receivers.keys if receivers else (),
            given_to=asked.to,
        )
        register = Register(home)
        register.settle(now())
        number = register.enter(entry, ids)
        delivery.put_in_place(beside, output)
        register.confirm(number, now())
    return {"number": number, **entry.model_dump(mode="json")}


def _raw_cells(night: Night, con: duckdb.DuckDBPyConnection) -> pa.Table:
    """His rows as they came, a row for each filled cell."""
    key = secrets.token_bytes()  # for this search alone
    marks = table_of(removal.marks_of(con, key))
    found = raw_places.find_rows(night.home, con, marks, key)
    files = raw_places.files_of(night.home)
    cells = [
        {"path": files[file_id].path, "file_date": files[file_id].file_date, "sheet": sheet,
         "row_number": row, "column": column, "cell": cell}
        for file_id, places in found.items()
        for (sheet, row), filled in read_rows(night.home / files[file_id].raw_path, places)
        for column, cell in filled.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(cells, schema=_CELLS)


_KINDS: dict[str, pa.DataType] = {
    "path": pa.string(),
    "file_date": pa.date32(),
    "sheet": pa.string(),
    "row_number": pa.int32(),
    "column": pa.string(),
    "cell": pa.string(),
}
_CELLS = pa.schema(_KINDS)


def _decisions(night: Night, keys: set[str]) -> pa.Table:
    """The stewards' decisions on his records, without the keys of others."""
    told = [
        {
            "number": str(entry.number),
            "kind": decision.kind,
            "decided_at": str(decision.decided_at),
            "author": decision.author,
            "why": decision.why,
            "records": ", ".join(sorted(keys.intersection(decision.named))),
            "value": decision.value if isinstance(decision, Value) else "",
        }
        for entry in night.settings.decided
        for decision in [entry.decision]
        if not keys.isdisjoint(decision.named)
    ]
    names = ("number", "kind", "decided_at", "author", "why", "records", "value")
    return pa.Table.from_pylist(told, schema=pa.schema([(name, pa.string()) for name in names]))


def _exports(home: Path, ids: tuple[str, ...]) -> pa.Table:
    """The exports that he was in: when, for whom, and who asked."""
    told = [
        {
            "number": str(one["number"]),
            "asked_at": one["asked_at"],
            "asked_by": one["asked_by"],
            "role": one["role"],
            "given_to": one.get("given_to") or one["group"] or ", ".join(one["outlets"]),
        }
        for one in Register(home).entries(ids)
    ]
    names = ("number", "asked_at", "asked_by", "role", "given_to")
    return pa.Table.from_pylist(told, schema=pa.schema([(name, pa.string()) for name in names]))
