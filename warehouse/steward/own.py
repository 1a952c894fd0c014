"""What of a customer is a visitor's own: what records of outlets in his scope tell.

As in an export of own values, rows of other outlets are left out, and of values that they alone
tell it is only said that there are some. Counts and days are then of what is left.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import duckdb

from warehouse.steward.asking import Row, ask
from warehouse.steward.cases import sides
from warehouse.steward.cases.sides import Record
from warehouse.steward.customer import Attribute, Customer
from warehouse.steward.dossiers.reading import Dossier
from warehouse.steward.search.finding import Hit, Reason
from warehouse.steward.search.forms import form
from warehouse.steward.search.wish import phone

#: What only the whole network's records tell of a customer.
_NETWORK = ("stage", "next_event", "next_event_on")


def narrowed(found: Customer, dossier: Dossier, outlets: Sequence[str] | None) -> Customer:
    """The customer as a scope sees him; whole where no record of his is out of it.

    dossier: his. outlets: as `Scope.codes` gives them.
    """
    if outlets is None or all(one["outlet_code"] in outlets for one in found.records):
        return found
    records = [r for r in sides.records([dossier], outlets) if r.is_own]
    keys = {record.record_key for record in records}
    told = _told(records)
    events = [event for event in found.events if event["outlet_code"] in outlets]
    cars = _cars(found.cars, events, {record.plate for record in records})
    return replace(
        found,
        row=_row(found.row, told, records, cars, events),
        attributes=[_attribute(one, told, keys) for one in found.attributes],
        names=[
            name
            | {"first_told_on": None, "last_told_on": None, "records": told["name", name["name"]]}
            for name in found.names
            if ("name", name["name"]) in told
        ],
        phones=[
            phone | {"first_seen_on": None, "last_seen_on": None, "shared_by": None}
            for phone in found.phones
            if ("phone", phone["phone"]) in told
        ],
        cars=cars,
        events=events,
        relations=[one | {"evidence": ""} for one in found.relations],
        history=[one | {"records_before": None, "records_after": None} for one in found.history],
        records=[
            one | {"match_weight": None} for one in found.records if one["record_key"] in keys
        ],
        elsewhere=len(found.records) - len(keys),
    )


def narrowed_hits(
    con: duckdb.DuckDBPyConnection, hits: Sequence[Hit], outlets: Sequence[str] | None
) -> tuple[Hit, ...]:
    """Hits of a search, each with what records in scope tell of him.

    Who fits by a value alone that others tell is left out: that it is his would be told by that.
    """
    if outlets is None or not hits:
        return tuple(hits)
    asked = {"ids": [hit.golden_id for hit in hits], "outlets": list(outlets)}
    own = {row["golden_id"]: row for row in ask(con, "own_cards", **asked)}
    return tuple(
        _hit(hit, own[hit.golden_id]) if hit.golden_id in own else hit
        for hit in hits
        if hit.golden_id not in own or _fits(hit.reasons, own[hit.golden_id])
    )


def _fits(reasons: Iterable[Reason], own: Row) -> bool:
    """Whether all by which somebody was found is told by records in scope."""
    heard = {sound for name in own["names"] for sound in _sounds(name)}
    told = {
        "sound": heard,
        "phone": {phone(number) for number in own["phones"]},
        "id_number": {*(own["id_numbers"] or ())},
        "plate": {*(own["plates"] or ())},
        "vin": {*(own["vins"] or ())},
    }
    return all(
        bool(heard.intersection(_sounds(one.value)))  # 张小明 here may be 张晓明 there
        if one.kind == "name"
        else one.value in told.get(one.kind, (one.value,))
        for one in reasons
    )


def _sounds(name: str) -> set[str]:
    """A name as it may be heard, and its initials."""
    readings = form(name).readings
    return {"".join(units) for units in readings} | {
        "".join(unit[0] for unit in units) for units in readings if len(units) > 1
    }


def _hit(hit: Hit, own: Row) -> Hit:
    """own: of `own_cards`, which has those alone of whom other outlets tell, too."""
    return replace(
        hit,
        name=hit.name if hit.name in own["names"] else next(iter(own["names"]), None),
        phone=hit.phone if hit.phone in own["phones"] else next(iter(own["phones"]), None),
        address=hit.address if hit.address in own["addresses"] else None,
        records=own["records"],
        cars_owned=None,
        last_outlet=own["last_outlet"],
        last_contact_on=own["last_on"],
        stage=None,
    )


def _told(records: Iterable[Record]) -> Counter[tuple[str, str]]:
    """Attribute and value -> records that say so."""
    return Counter(pair for record in records for pair in sides.own_values([record]))


def _row(
    row: Row, told: Counter[tuple[str, str]], records: list[Record], cars: list[Row],
    events: list[Row],
) -> Row:  # fmt: skip
    attributes = {
        name: row[name] if (name, str(row[name])) in told else None for name in sides.ATTRIBUTES
    }
    last = max(events, key=lambda event: event["day"] or datetime.date.min, default=None)
    counts = {
        "records": len(records),
        "outlets": len({record.outlet_code for record in records if record.outlet_code}),
        "cars_owned": sum(bool(car["owned_from"]) and not car["owned_to"] for car in cars),
        "visits": sum(event["what"] == "visit" for event in events),
        "amount_cny": sum(event["amount_cny"] or 0 for event in events),
        "last_contact_on": last["day"] if last else None,
        "last_outlet": last["outlet_code"] if last else None,
    }
    return row | attributes | counts | dict.fromkeys(_NETWORK)


def _attribute(one: Attribute, told: Counter[tuple[str, str]], keys: set[str]) -> Attribute:
    values = [*([one.golden] if one.golden else []), *one.others]
    own = [_value(value, told, keys) for value in values if (one.name, value["value"]) in told]
    golden = next((value for value in own if value["chosen"]), None)
    others = [value for value in own if not value["chosen"]]
    return Attribute(one.name, golden, others, elsewhere=len(values) - len(own))


def _value(value: Row, told: Counter[tuple[str, str]], keys: set[str]) -> Row:
    """A value with its origin, where that is a record in scope."""
    count = {"records": told[value["attribute"], value["value"]]}
    if value["record_key"] in keys:
        return value | count
    return value | count | {"source": None, "record_key": "", "as_of": None}


def _cars(cars: Iterable[Row], events: Iterable[Row], plates: set[str | None]) -> list[Row]:
    """The cars with which outlets in scope saw him."""
    seen: dict[str, list[Row]] = {}
    for event in events:
        seen.setdefault(event["vehicle_id"], []).append(event)
    return [_car(car, seen[car["vehicle_id"]], plates) for car in cars if car["vehicle_id"] in seen]


def _car(car: Row, events: list[Row], plates: set[str | None]) -> Row:
    sale = next((event for event in events if event["what"] == "sale"), None)
    mileages = [event["mileage_km"] for event in events if event["mileage_km"]]
    return car | {
        "plate": car["plate"] if car["plate"] in plates else None,
        "sold_on": sale["day"] if sale else None,
        "selling_outlet": sale["outlet_code"] if sale else None,
        "visits": sum(event["what"] == "visit" for event in events),
        "last_mileage_km": max(mileages, default=None),
    }
