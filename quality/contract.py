"""The standard record: one table from which schema, checks, masking and docs come.

A field becomes several columns: `<field>_typed` as typed, `<field>` as understood,
`<field>_status`, `<field>_reason`, and `<field>_<more>` for each thing derived from it
(see the field's module in `quality.normalise`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import pyarrow as pa

from quality.normalise.column import bulk_fields
from quality.normalise.registry import MODULES


class Sensitivity(StrEnum):
    """Who may see a value, least restricted first."""

    INTERNAL = "internal"  # about cars, outlets and files
    PERSONAL = "personal"  # about a person: masked unless a role may see it
    SENSITIVE = "sensitive"  # identifies a person by itself (PIPL art. 28: stricter protection)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the standard record.

    normaliser: its name in `quality.normalise.registry.MODULES`.
    main: the attribute of that normaliser's Value that the column `<name>` holds.
    """

    name: str
    normaliser: str
    meaning: str
    sensitivity: Sensitivity
    main: str = "value"

    def columns(self) -> dict[str, tuple[str, pa.DataType]]:
        """Column name -> (attribute of the Value, Arrow type), `<name>_typed` first."""
        attributes = bulk_fields(MODULES[self.normaliser].kind)
        named = {"typed": f"{self.name}_typed", self.main: self.name}
        return {
            named.get(attribute, f"{self.name}_{attribute}"): (attribute, arrow_type)
            for attribute, arrow_type in attributes.items()
            if attribute == self.main or attribute != "value"
        }


_INTERNAL, _PERSONAL, _SENSITIVE = Sensitivity

FIELDS: tuple[Field, ...] = (
    Field("name", "name", "The person or company that the row is about", _PERSONAL),
    Field("phone", "phone", "Telephone numbers; the column holds the first usable", _PERSONAL),
    Field("id_number", "identity", "Resident id, permit, passport or company code", _SENSITIVE),
    Field("address", "address", "Where the customer lives, or the company sits", _PERSONAL),
    Field("email", "email", "E-mail address", _PERSONAL),
    Field("birth_date", "date", "Date of birth as typed, not read from the id", _PERSONAL, "date"),
    Field("sex", "sex", "M or F as typed, not read from title or id", _PERSONAL),
    Field("vin", "vin", "Vehicle identification number", _INTERNAL),
    Field("engine_number", "engine", "Engine or motor number", _INTERNAL),
    Field("plate", "plate", "Number plate on that day", _PERSONAL),
    Field("model", "text", "Model of the car as the outlet writes it", _INTERNAL),
    Field("sold_on", "date", "Day of the sale or handover", _INTERNAL, "date"),
    Field("visited_on", "date", "Day the car came to the station", _INTERNAL, "date"),
    Field("mileage_km", "mileage", "Odometer at the visit, in kilometres", _INTERNAL, "km"),
    Field("service_kind", "text", "Kind of service", _INTERNAL),
    Field("amount_cny", "amount", "Invoice amount in yuan", _INTERNAL, "cny"),
    Field("is_owner", "yes_no", "Whether the person who came owns the car", _INTERNAL, "yes"),
    Field("department", "text", "Department of the dealer that keeps the row", _INTERNAL),
    Field("updated_on", "date", "Day the outlet last changed the row", _INTERNAL, "date"),
)

#: Where a record comes from; these columns lead every standard record.
PROVENANCE: dict[str, tuple[pa.DataType, str]] = {
    "record_key": (pa.string(), "source/outlet/source key: names a record for ever"),
    "source": (pa.string(), "hq, dealer or station"),
    "outlet_code": (pa.string(), "The outlet: of the folder; for hq the selling dealer of the row"),
    "source_key": (pa.string(), "The row's own key at its source"),
    "file_id": (pa.string(), "SHA-256 of the file that the row came in"),
    "file_seq": (pa.int64(), "Running number of that file in the ledger"),
    "file_date": (pa.date32(), "Day that the file was written for"),
    "sheet": (pa.string(), "Sheet of a workbook, or empty"),
    "row_number": (pa.int32(), "Row in the sheet, counted from 1"),
}

#: What a company's name says, filled where `name_kind` is company.
COMPANY = Field("company", "company", "The parts of a company's name", Sensitivity.PERSONAL)

#: Columns that are typed in the row but come without a normaliser of their own.
TYPED_FIELDS: tuple[str, ...] = ("source_key", "outlet_code", *(field.name for field in FIELDS))


@cache
def schema() -> pa.Schema:
    """The Arrow schema of a table of standard records."""
    columns = [(name, arrow_type) for name, (arrow_type, _) in PROVENANCE.items()]
    for field in (*FIELDS, COMPANY):
        columns += [(name, arrow_type) for name, (_, arrow_type) in field.columns().items()]
    columns.append(("phones", pa.list_(pa.string())))
    return pa.schema(columns)
