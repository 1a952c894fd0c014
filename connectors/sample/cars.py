"""Cars: valid VINs, plates over time, and who owned each from when to when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from connectors.sample import numbers
from connectors.sample.companies import Company
from connectors.sample.dice import Dice, Weighted
from connectors.sample.people import Numbers, Person
from connectors.sample.tables import Place

Party = Person | Company


@dataclass(frozen=True, slots=True)
class Model:
    """A model line: name, trims, the first 8 characters of its VINs, engine family."""

    name: str
    trims: tuple[str, ...]
    prefix: str
    engine: str
    electric: bool
    ours: bool


TRIMS = ("1.5L 手动舒适版", "1.5T 自动豪华版", "1.5L 自动精英版", "2.0T 旗舰版")
TRIMS_NEV = ("标准续航版", "长续航版", "四驱高性能版")
# The maker group: three WMIs, and of other makes what stations see. Shares in rough percent.
MODELS = Weighted(
    (
        Model("逸行", TRIMS, "LSVAM418", "EA211", False, True),
        Model("云海", TRIMS, "LSVUD65N", "EA888", False, True),
        Model("朗程", TRIMS, "LGBH52E0", "HR16DE", False, True),
        Model("星途者", TRIMS, "LGBM4DE4", "MRA8DE", False, True),
        Model("海岳", TRIMS, "LVHRW183", "L15BY", False, True),
        Model("云帆EV", TRIMS_NEV, "LSVFB6CZ", "TZ204", True, True),
        Model("晨光PLUS", TRIMS_NEV, "LGBU1BE5", "TZ180", True, True),
        Model("海岳e", TRIMS_NEV, "LVHFE175", "TZ220", True, True),
    ),
    (20, 17, 16, 12, 14, 9, 7, 5),
)
OTHER_MAKES = Weighted(
    (
        Model("思迪", TRIMS, "LHGCM567", "R18A", False, False),
        Model("凌风", TRIMS, "LFMGJE72", "1ZR", False, False),
        Model("秦鸣DM", TRIMS_NEV, "LGXC16DF", "BYD476", True, False),
        Model("宏光达", TRIMS, "LZWADAGA", "B15", False, False),
        Model("锐度", TRIMS, "LSGPC53U", "LDE", False, False),
    ),
    (3, 3, 2, 2, 2),
)


@dataclass(slots=True)
class Ownership:
    """Who had the car: `until` is open while he has it."""

    party: Party
    since: date
    until: date | None
    how: str


@dataclass(slots=True, eq=False)
class Vehicle:
    """A car; plates and owners are dated, oldest first."""

    id: str
    vin: str
    engine: str
    model: Model
    trim: str
    plates: list[tuple[date, str]] = field(default_factory=list)
    owners: list[Ownership] = field(default_factory=list)

    def plate_at(self, day: date) -> str:
        """The plate on that day; none in the first days after the sale."""
        found = ""
        for since, plate in self.plates:
            if since <= day:
                found = plate
        return found

    def owner_at(self, day: date) -> Party:
        """The owner on that day."""
        for ownership in reversed(self.owners):
            if ownership.since <= day:
                return ownership.party
        return self.owners[0].party


@dataclass
class Cars:
    """Makes cars and moves them between owners."""

    dice: Dice
    numbers: Numbers
    everyone: list[Vehicle] = field(default_factory=list)
    _serials: dict[str, int] = field(default_factory=dict)
    _kept: dict[str, str] = field(default_factory=dict)  # owner -> the plate he took off a sold car

    def sell(self, party: Party, place: Place, day: date, how: str = "sale") -> Vehicle:
        """A new car of the group for `party`; its plate comes some days later."""
        return self._make(MODELS.throw(self.dice), party, place, day, how)

    def other_make(self, party: Party, place: Place, day: date) -> Vehicle:
        """A car that the group did not build."""
        return self._make(OTHER_MAKES.throw(self.dice), party, place, day, "other make")

    def _make(self, model: Model, party: Party, place: Place, day: date, how: str) -> Vehicle:
        dice = self.dice
        made = Vehicle(
            id=f"V{len(self.everyone) + 1:07d}",
            vin=self._vin(model, day),
            engine=numbers.engine(dice, model.engine),
            model=model,
            trim=dice.pick(model.trims),
            owners=[Ownership(party, day, None, how)],
        )
        plated = day + timedelta(days=3 + dice.below(25))
        made.plates.append((plated, self._plate(party, place, model.electric)))
        self.everyone.append(made)
        return made

    def _vin(self, model: Model, day: date) -> str:
        """Model year is the year of the sale, sometimes the one before; serials leave gaps."""
        year = day.year - (1 if self.dice.chance(0.25) else 0)
        plant = self.dice.pick("2NEAK"[:3])
        line = f"{model.prefix[:3]}{year}{plant}"
        start = self._serials.get(line) or 10_000 + self.dice.below(60_000)
        self._serials[line] = start + 1 + self.dice.below(12)
        return numbers.vin(model.prefix, year, plant, start % 1_000_000)

    def _plate(self, party: Party, place: Place, electric: bool) -> str:
        kept = self._kept.pop(party.id, None)
        if kept and (len(kept) == 8) == electric and kept[:2] == place.plate:
            return kept
        return self.numbers.once(lambda: numbers.plate(self.dice, place, electric))

    def hand_over(self, car: Vehicle, to: Party, place: Place, day: date) -> None:
        """A used-car sale: mostly a new plate; one seller in four keeps his for his next car."""
        seller = car.owners[-1]
        seller.until = day
        car.owners.append(Ownership(to, day, None, "transfer"))
        if self.dice.chance(0.15):  # the buyer takes the plate over with the car
            return
        if self.dice.chance(0.25):
            self._kept[seller.party.id] = car.plates[-1][1]
        plated = day + timedelta(days=1 + self.dice.below(14))
        car.plates.append((plated, self._plate(to, place, car.model.electric)))
