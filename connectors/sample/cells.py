"""How each cell of a record comes about: what is true, whether it is filled, how it is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from connectors.sample.companies import Company
from connectors.sample.life import Event
from connectors.sample.noise import Scene, phones
from connectors.sample.noise.dates import PLACEHOLDERS, amount
from connectors.sample.people import Person
from connectors.sample.tables import words

if TYPE_CHECKING:
    from connectors.sample.rows import Typist


@dataclass(slots=True)
class Row:
    """A typed record. `values`: field -> (true value, typed value, channels) of what is typed."""

    cells: dict[str, str] = field(default_factory=dict)
    values: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def put(self, name: str, true: str, typed: str, *channels: str) -> None:
        """Set a cell together with the truth about it."""
        self.cells[name] = typed
        self.values[name] = (true, typed, "+".join(channel for channel in channels if channel))

    @property
    def errors(self) -> list[str]:
        """The channels that touched the row, as `field:channel`."""
        return [
            f"{name}:{channel}"
            for name, (_, _, channels) in self.values.items()
            for channel in channels.split("+")
            if channel
        ]


def _name(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    party = event.party
    if isinstance(party, Company):
        typist.put(row, "name", party.name, typist.company, scene)
    else:
        typist.put(row, "name", party.name_at(event.day), typist.person, scene)


def _phone(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    dice, outlet = scene.dice, typist.outlet
    if not scene.phone or not typist.filled("phone", dice):
        return
    if dice.chance(outlet.own_phone_rate):
        row.put("phone", scene.phone, phones.own_phone("", scene), "outlet_phone")
        return
    landline = scene.phone[0] == "0"
    typist.put(row, "phone", scene.phone, typist.landline if landline else typist.phone, scene)


def _second_phone(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    known: str = getattr(event.party, "second_phone", "") or getattr(event.party, "switchboard", "")
    if known and known[0] == "0" and scene.dice.chance(0.6):
        row.cells["phone2"] = typist.landline[1].apply(known, scene)[0]


def _identity(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    finance = event.department == "金融"
    if scene.dice.chance(0.9) if finance else typist.filled("id_number", scene.dice):
        typist.put(row, "id_number", event.party.code, typist.identity, scene)


def _address(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    if typist.filled("address", scene.dice):
        typist.put(row, "address", str(scene.address), typist.address, scene)


def _vin(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    if not typist.filled("vin", scene.dice):
        return
    style = typist.outlet.vin_style
    if style == "full":
        typist.put(row, "vin", event.car.vin, typist.vin, scene)
        return
    typed, channel = typist.vin[0].apply(event.car.vin, scene)
    if channel in ("placeholder", "engine_number"):
        row.put("vin", event.car.vin, typed, channel)
    else:
        row.put("vin", event.car.vin, typed[-int(style[-1]) :], channel, f"last_{style[-1]}")


def _plate(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    if not typist.filled("plate", scene.dice):
        return
    lag = 0 if event.outlet.source == "station" else scene.dice.below(45)
    true = event.car.plate_at(event.day + timedelta(days=lag))
    if not true:
        if scene.dice.chance(0.4):
            row.cells["plate"] = scene.dice.pick(words("placeholder_plate"))
        return
    if typist.outlet.plate_bare and true[:2] == typist.outlet.place.plate:
        row.put("plate", true, true[1:], "no_province")
        return
    typist.put(row, "plate", true, typist.plate, scene)


def _model(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    model, trim = event.car.model.name, event.car.trim
    forms = (f"{model} {trim}", model, f"{model}{trim.split(' ')[0]}")
    row.cells["model"] = forms[typist.model_style]


def _sold_on(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    dice = scene.dice
    if dice.chance(0.006):
        row.cells["sold_on"] = dice.pick(PLACEHOLDERS)
    elif not dice.chance(0.03):
        slip = dice.pick((0, 0, 0, 0, 0, 0, 1, 2, 5)) if event.outlet.source == "dealer" else 0
        sold = event.car.owners[0].since + timedelta(days=slip)
        row.cells["sold_on"] = typist.day(sold, dice)


def _is_owner(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    if typist.filled("is_owner", scene.dice):
        wrong = scene.dice.chance(0.01 if event.relation == "owner" else 0.12)
        row.cells["is_owner"] = "是" if (event.relation == "owner") != wrong else "否"


def _mileage(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    age = max((event.day - event.car.owners[0].since).days, 1)
    pace = 20 + int(event.car.id[1:]) * 37 % 60
    value = age * pace + scene.dice.below(500)
    row.cells["mileage_km"] = (f"{value}", f"{value:,}", f"{value}公里")[typist.mileage_style]


def _birth(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    if isinstance(event.party, Person) and typist.filled("birth_date", scene.dice):
        wrong = scene.dice.chance(0.04)
        text = scene.dice.pick(PLACEHOLDERS) if wrong else typist.day(event.party.born, scene.dice)
        row.cells["birth_date"] = text


def _sex(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    if isinstance(event.party, Person) and typist.filled("sex", scene.dice):
        true = event.party.sex == "M"
        row.cells["sex"] = "男" if true != scene.dice.chance(0.01) else "女"


def _email(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    party = event.party
    if isinstance(party, Person) and party.email and typist.filled("email", scene.dice):
        row.cells["email"] = party.email.upper() if scene.dice.chance(0.02) else party.email


def _engine(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
    if typist.filled("engine_number", scene.dice):
        row.cells["engine_number"] = event.car.engine


def _simple(name: str, text: Callable[[Typist, Event, Scene], str]) -> Callable[..., None]:
    def write(typist: Typist, row: Row, event: Event, scene: Scene) -> None:
        row.cells[name] = text(typist, event, scene)

    return write


WRITERS: dict[str, Callable[[Typist, Row, Event, Scene], None]] = {
    "name": _name,
    "phone": _phone,
    "phone2": _second_phone,
    "id_number": _identity,
    "address": _address,
    "vin": _vin,
    "plate": _plate,
    "model": _model,
    "sold_on": _sold_on,
    "is_owner": _is_owner,
    "mileage_km": _mileage,
    "birth_date": _birth,
    "sex": _sex,
    "email": _email,
    "engine_number": _engine,
    "outlet_code": _simple("outlet_code", lambda t, e, s: e.dealer),
    "department": _simple("department", lambda t, e, s: e.department),
    "visited_on": _simple("visited_on", lambda t, e, s: t.day(e.day, s.dice)),
    "updated_on": _simple("updated_on", lambda t, e, s: t.day(t.updated(e, s.dice), s.dice)),
    "service_kind": _simple("service_kind", lambda t, e, s: s.dice.pick(words("service"))),
    "amount_cny": _simple(
        "amount_cny", lambda t, e, s: amount(120 + int(s.dice.random() ** 3 * 9000), t.amount_style)
    ),
}
