"""From what happened to what was typed: one record's cells, and the truth about each."""

from __future__ import annotations

from datetime import date, timedelta

from connectors.sample.cells import WRITERS, Row
from connectors.sample.companies import Company
from connectors.sample.dice import Dice
from connectors.sample.life import Event
from connectors.sample.noise import (
    Channel,
    Mixture,
    Scene,
    addresses,
    codes,
    companies,
    names,
    phones,
)
from connectors.sample.noise.dates import FORMS
from connectors.sample.outlets import Outlet
from connectors.sample.people import Person

NARROW = ("gbk", "big5")  # encodings that cannot write every character


class Typist:
    """Types the records of one outlet with that outlet's habits; the same record the same way."""

    def __init__(self, outlet: Outlet, seed: int, start: date) -> None:
        self.outlet, self.seed, self.start = outlet, seed, start
        dice, care = Dice(outlet.habit), outlet.sloppiness

        def mix(*lists: tuple[Channel, ...]) -> list[Mixture]:
            return [Mixture(channels, dice, care) for channels in lists]

        always = Mixture(names.ALWAYS, Dice(1), 1.0)
        self.person = [always, *mix(names.SLIPS, names.STYLES)]
        self.company = mix(companies.SLIPS, companies.STYLES)
        self.phone = mix(phones.SLIPS, phones.STYLES)
        self.landline = [mix(phones.SLIPS)[0], Mixture(phones.LANDLINE, dice, 1.0)]
        self.vin = mix(codes.VIN_SLIPS, codes.VIN_STYLES)
        self.plate = mix(codes.PLATE_SLIPS, codes.PLATE_STYLES)
        self.identity = mix(codes.ID_SLIPS, codes.ID_STYLES)
        self.address = mix(addresses.LEVELS, addresses.FORMS)
        self.model_style: int = dice.below(3)
        self.amount_style: int = dice.below(5)
        self.mileage_style = dice.pick((0, 0, 0, 1, 2))
        self.fields = {name for name, _ in outlet.columns}

    def type(self, event: Event) -> Row:
        """The record's cells as they stand in a file, its corrections made."""
        dice = Dice(self.seed * 1_000_003 + event.serial)
        row = Row()
        scene = self._scene(event, dice)
        row.cells["source_key"] = event.key
        for name, write in WRITERS.items():
            if name in self.fields:
                write(self, row, event, scene)
        self._correct(row, event)
        if self.outlet.encoding in NARROW and self.outlet.form in ("csv", "tsv", "html"):
            self._narrow(row)
        return row

    def _scene(self, event: Event, dice: Dice) -> Scene:
        party = event.party
        if isinstance(party, Company):
            other = party.contacts[0].name
        else:
            other = party.family[0].name if party.family else ""
        phone = self._phone(event, dice)
        car = event.car
        return Scene(
            dice=dice,
            outlet=self.outlet,
            party=party,
            phone=phone,
            address=party.home_at(event.day),
            engine=car.engine,
            plate=car.plate_at(event.day),
            other=other,
        )

    def _phone(self, event: Event, dice: Dice) -> str:
        """The number that the customer gives: his own, a second one, one of the family."""
        party, day, draw = event.party, event.day, dice.random()
        if isinstance(party, Company):
            return event.speaker.phone_at(day) if event.speaker else party.switchboard
        if event.relation in ("household", "driver") and draw > 0.84:
            owner = event.car.owner_at(day)  # who brings the car gives its owner's number
            return owner.phone_at(day) if isinstance(owner, Person) else owner.switchboard
        if draw < 0.08 and party.second_phone:
            return party.second_phone
        if draw < 0.11 and party.family:
            return party.family[0].phone_at(day)
        return party.phone_at(day)

    def filled(self, name: str, dice: Dice) -> bool:
        """Whether the outlet fills the field this time."""
        return dice.chance(self.outlet.fill.get(name, 1.0))

    def put(self, row: Row, name: str, true: str, mixtures: list[Mixture], scene: Scene) -> None:
        """Type a true value through the mixtures, one after the other."""
        typed, channels = true, []
        for mixture in mixtures:
            if typed:
                typed, channel = mixture.apply(typed, scene)
                channels.append(channel)
                if channel == "placeholder":
                    break
        row.put(name, true, typed, *channels)

    def day(self, day: date, dice: Dice) -> str:
        """A date in the outlet's form, now and then in another one."""
        form = self.outlet.date_form if not dice.chance(0.01) else dice.pick(("dash", "slash"))
        return FORMS[form](day)

    def updated(self, event: Event, dice: Dice) -> date:
        """When the record was last touched: some days after, never after its file was written."""
        lag = event.day + timedelta(days=dice.below(30))
        if event.fixes:
            return event.fixes[-1][0]
        return max(event.day, min(lag, self.start - timedelta(days=1)))

    def _correct(self, row: Row, event: Event) -> None:
        for day, name in event.fixes:
            if name in row.values:
                true = _current(event, name, day, row.values[name][0])
                row.put(name, true, true)

    def _narrow(self, row: Row) -> None:
        """What the file's encoding does to the cells."""
        encoding = self.outlet.encoding
        for name, text in row.cells.items():
            if text.isascii():
                continue
            before = text
            if encoding == "big5":
                text = names.to_traditional(text)
            typed = text.encode(encoding, "replace").decode(encoding)
            row.cells[name] = typed
            if name in row.values:
                true, _, channels = row.values[name]
                changed = "traditional" if encoding == "big5" else ""
                changed = "lost_character" if "?" in typed and "?" not in text else changed
                row.put(name, true, typed, channels, changed if typed != before else "")


def _current(event: Event, name: str, day: date, known: str) -> str:
    party = event.party
    if name == "phone" and isinstance(party, Person):
        return party.phone_at(day)
    if name == "name" and isinstance(party, Person):
        return party.name_at(day)
    if name == "address":
        return str(party.home_at(day))
    return known
