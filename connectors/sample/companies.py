"""Companies: names by the rules of registration, branches, their contacts and drivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from connectors.sample import numbers
from connectors.sample.addresses import Address, home, office
from connectors.sample.dice import Dice
from connectors.sample.names import falling
from connectors.sample.people import People, Person
from connectors.sample.tables import Place, words

FLEET_TRADES = ("物流", "汽车租赁", "运输", "出租汽车", "驾驶培训", "融资租赁")


@dataclass(slots=True, eq=False)
class Company:
    """A legal entity; a branch is one too. `region` may stand in brackets behind the core."""

    id: str
    region: str
    core: str
    trade: str
    form: str
    branch: str
    bracketed: bool
    place: Place
    address: Address
    code: str
    switchboard: str
    cars: int
    contacts: list[Person] = field(default_factory=list)
    drivers: list[Person] = field(default_factory=list)

    kind = "company"

    @property
    def name(self) -> str:
        """The registered name."""
        if self.bracketed:
            return f"{self.core}{self.trade}（{self.region}）{self.form}{self.branch}"
        return f"{self.region}{self.core}{self.trade}{self.form}{self.branch}"

    def home_at(self, day: date) -> Address:
        """The registered address; companies of this world do not move."""
        return self.address


@dataclass
class Companies:
    """Makes companies; their people come out of `people`."""

    dice: Dice
    people: People
    everyone: list[Company] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    shared: dict[str, Person] = field(default_factory=dict)

    def company(self, place: Place) -> Company:
        """A new company of the place, its branches not included."""
        while True:
            made = self._draft(place)
            if made.name not in self.names:
                break
        self.names.add(made.name)
        self.everyone.append(made)
        self._staff(made)
        return made

    def branch(self, parent: Company, place: Place) -> Company | None:
        """A branch of `parent` in another city, with cars and contacts of its own."""
        made = self._draft(place)
        made.region, made.core, made.trade = parent.region, parent.core, parent.trade
        made.form, made.bracketed = parent.form, parent.bracketed
        made.branch = f"{_short(place.city)}分公司"
        if parent.branch or made.name in self.names or parent.form == "经营部":
            return None
        made.cars = max(1, parent.cars // 4)
        self.names.add(made.name)
        self.everyone.append(made)
        self._staff(made)
        return made

    def _draft(self, place: Place) -> Company:
        dice = self.dice
        public = dice.chance(0.06)
        core = "" if public else falling("core").throw(dice)
        cars = _cars(dice)
        trade = dice.pick(words("public")) if public else self._trade(cars)
        return Company(
            id=f"C{len(self.everyone) + 1:06d}",
            region=place.city if dice.chance(0.3) else _short(place.city),
            core=core,
            trade=trade,
            form="" if public else dice.pick(words("form")),
            branch="",
            bracketed=not public and dice.chance(0.06),
            place=place,
            address=office(dice, place),
            code=self.people.numbers.once(
                lambda: numbers.company_code(dice, place.code, "12" if public else "91")
            ),
            switchboard=self.people.numbers.once(lambda: numbers.landline(dice, place)),
            cars=cars,
        )

    def _trade(self, cars: int) -> str:
        if cars > 12 and self.dice.chance(0.7):
            return self.dice.pick(FLEET_TRADES)
        return falling("trade").throw(self.dice)

    def _staff(self, company: Company) -> None:
        """One to three contacts, a driver for every few cars; few drivers in the hard world."""
        dice, hard = self.dice, self.people.hard
        for _ in range(dice.pick((1, 1, 2)) + (company.cars > 30)):
            company.contacts.append(self._employee(company.place))
        drivers = min(1 + company.cars // (6 if hard else 2), 40)
        company.drivers.extend(self._employee(company.place) for _ in range(drivers))
        if len(company.drivers) > 2 and dice.chance(0.4):  # a pool phone that several drivers give
            keeper = company.drivers[0]
            for driver in company.drivers[1 : 2 + len(company.drivers) // 3]:
                driver.lender = keeper

    def _employee(self, place: Place) -> Person:
        dice = self.dice
        year = 1962 + dice.below(38)
        sex = "M" if dice.chance(0.85) else "F"
        return self.people.person(place, home(dice, place), year, sex)


def _cars(dice: Dice) -> int:
    """Cars of a company: most have one or two, few have hundreds (a power law up to 500)."""
    return min(500, int((1 - dice.random() * 0.9985) ** -0.95))


def _short(city: str) -> str:
    return city.removesuffix("市")
