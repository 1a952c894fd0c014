"""The standard record's table: complete, typed, and every personal field marked."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.sources import shared_headers
from quality import contract
from quality.contract import COMPANY, FIELDS, PROVENANCE, Field, Sensitivity
from quality.normalise.registry import MODULES

NAMES = contract.schema().names


def test_no_column_is_named_twice() -> None:
    assert len(NAMES) == len(set(NAMES))


def test_provenance_leads_and_the_numbers_of_a_row_close() -> None:
    assert NAMES[: len(PROVENANCE)] == list(PROVENANCE)
    assert contract.schema().field(NAMES[-1]) == pa.field("phones", pa.list_(pa.string()))


@pytest.mark.parametrize("field", [*FIELDS, COMPANY], ids=lambda field: field.name)
def test_a_field_has_its_value_what_was_typed_and_how_far_to_trust_it(field: Field) -> None:
    name = field.name
    assert {name, f"{name}_typed", f"{name}_status", f"{name}_reason"} <= set(NAMES)
    assert field.columns()[name][0] == field.main
    assert field.normaliser in MODULES
    assert field.meaning


def test_fields_are_what_headers_can_mean() -> None:
    assert {field.name for field in FIELDS} | {"source_key", "outlet_code"} == set(
        shared_headers().fields
    )


def test_what_tells_of_a_person_is_marked() -> None:
    marked = {f.name for f in FIELDS if f.sensitivity is not Sensitivity.INTERNAL}
    assert marked == {
        "name", "phone", "id_number", "address", "email", "birth_date", "sex", "plate",
    }  # fmt: skip


def test_values_that_are_no_text_have_their_own_type() -> None:
    schema = contract.schema()
    assert schema.field("sold_on").type == pa.date32()
    assert schema.field("mileage_km").type == pa.int64()
    assert schema.field("amount_cny").type == pa.decimal128(18, 2)
    assert schema.field("is_owner").type == pa.bool_()
