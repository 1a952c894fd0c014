"""The world: who lives in it, and how it goes on night by night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from connectors.sample.cars import Cars, Vehicle
from connectors.sample.companies import Companies, Company
from connectors.sample.dice import Dice, seed_of
from connectors.sample.life import Event, Life
from connectors.sample.options import SampleOptions
from connectors.sample.outlets import Outlet, hq_outlet, make_outlet
from connectors.sample.people import Numbers, People, Person
from connectors.sample.tables import Place, places

Known = TypeVar("Known", Person | Company, Vehicle)

YEARS = 6  # of history before the first night
FIXABLE = ("phone", "phone", "name", "name", "vin", "address", "plate", "id_number")


class World:
    """Everything that is true, up to the night that it was last advanced to."""

    def __init__(self, options: SampleOptions) -> None:
        self.options = options
        self.night = 1
        self.changed: set[str] = set()  # ids of parties and cars that changed tonight
        self.dice = Dice(seed_of(options.seed, int(options.hard)))
        self.first = date(options.start.year - YEARS, 1, 1)
        last = options.start - timedelta(days=1)
        numbers = Numbers(self.dice, self.first, last, 0.7 if options.hard else 0.3)
        self.people = People(self.dice, numbers, options.hard)
        self.companies = Companies(self.dice, self.people)
        self.cars = Cars(self.dice, numbers)
        dealers = self._outlets("D", "dealer", options.customers // 333, 6, 300)
        stations = self._outlets("S", "station", options.customers // 222, 8, 500)
        self.life = Life(
            self.dice, self.people, self.companies, self.cars, hq_outlet(places()[0]),
            dealers, stations, last,
        )  # fmt: skip
        self.events, self.customers = self.life.events, self.life.customers
        self._populate()
        self._give_keys(self.events)

    @property
    def last(self) -> date:
        """The last day that has been lived."""
        return self.life.last

    @property
    def outlets(self) -> list[Outlet]:
        """Dealers and stations."""
        return [*self.life.dealers, *self.life.stations]

    def _outlets(self, letter: str, source: str, count: int, least: int, most: int) -> list[Outlet]:
        """Outlets with codes that leave gaps, as closed ones do."""
        found, code = [], 0
        for _ in range(min(max(count, least), most)):
            code += 1 + self.dice.below(3)
            name = f"{letter}{code:04d}"
            found.append(
                make_outlet(self.dice, self.people.numbers, name, source, self.options.hard)
            )
        return found

    def _populate(self) -> None:
        while len(self.customers) < self.options.customers:
            dealer = self.dice.pick(self.life.dealers)
            place = self.life.place_near(dealer)
            if self.dice.chance(0.09 if self.options.hard else 0.05):
                self._company(dealer, place)
            else:
                self._household(dealer, place)

    def _company(self, dealer: Outlet, place: Place) -> None:
        made = self.companies.company(place)
        found = [made]
        if made.cars > 8 and self.dice.chance(0.5):
            branch = self.companies.branch(made, self.dice.pick(places()))
            found += [branch] if branch else []
        for company in found:
            company.cars = min(company.cars, max(6, self.options.customers // 40))
            self.customers.append((company, dealer))
            for day in self._days(company.cars):
                where = dealer if self.dice.chance(0.9) else self.dice.pick(self.life.dealers)
                self.life.sale(company, where, company.place, day)
            if self.dice.chance(0.25):  # the boss has a car of his own, and gives the same number
                self._private_car(company.contacts[0], dealer, company.place)

    def _private_car(self, person: Person, dealer: Outlet, place: Place) -> None:
        self.customers.append((person, dealer))
        self.life.sale(person, dealer, place, self.dice.day(self.first, self.last))

    def _household(self, dealer: Outlet, place: Place) -> None:
        dice = self.dice
        members = self.people.household(place)
        share = 0.4 if self.options.hard else 0.14
        owners = [members[0]] + [m for m in members[1:] if dice.chance(share)]
        for owner in owners:
            self.customers.append((owner, dealer))
            count = dice.pick((1,) * 13 + (2, 2, 3))
            held: Vehicle | None = None
            for day in self._days(count):
                if (
                    held and held.owners[-1].party is owner and dice.chance(0.4)
                ):  # the old car goes as the new one comes
                    self.life.hand_on(held, day - timedelta(days=dice.below(20)))
                where = dealer if dice.chance(0.75) else dice.pick(self.life.dealers)
                held = self.life.sale(owner, where, place, day)
        if dice.chance(0.03):
            car = self.cars.other_make(members[0], place, dice.day(self.first, self.last))
            self.life.visits(car, dealer, car.owners[0].since, self.last)

    def _days(self, count: int) -> list[date]:
        return sorted(self.dice.day(self.first, self.last) for _ in range(count))

    def _give_keys(self, events: list[Event]) -> None:
        """Keys in order of day at each outlet; serials in order of the list."""
        for serial, event in enumerate(events, len(self.events) - len(events)):
            event.serial = serial
        for event in sorted(events, key=lambda event: (event.day, event.serial)):
            event.key = event.outlet.next_key(f"{event.day:%y%m%d}")

    def new(self, items: Sequence[Known]) -> Sequence[Known]:
        """Those people, companies or cars that the truth of tonight has to tell of."""
        if self.night == 1:
            return items
        return [item for item in items if item.id in self.changed]

    def advance(self, night: int) -> list[Event]:
        """Live through the day before `night`: returns its new and its corrected records."""
        self.dice.seed(seed_of(self.options.seed, int(self.options.hard), night))
        day = self.options.start + timedelta(days=night - 2)
        self.life.last, self.night, self.changed = day, night, set()
        known, people = len(self.events), len(self.people.everyone)
        companies, cars = len(self.companies.everyone), len(self.cars.everyone)
        self._new_day(day, max(4, known // 100))
        self.changed |= {person.id for person in self.people.everyone[people:]}
        self.changed |= {company.id for company in self.companies.everyone[companies:]}
        self.changed |= {car.id for car in self.cars.everyone[cars:]}
        fresh = self.events[known:]
        self._give_keys(fresh)
        return fresh + self._corrections(day, known, max(3, known // 300))

    def _new_day(self, day: date, wanted: int) -> None:
        dice, known = self.dice, len(self.events)
        for _ in range(max(2, len(self.people.everyone) // 2000)):
            person = dice.pick(self.people.everyone)
            self.people.numbers.change(person.phones, day)
            self.changed.add(person.id)
        while len(self.events) - known < wanted:
            draw = dice.random()
            if draw < 0.12:
                dealer = dice.pick(self.life.dealers)
                place = self.life.place_near(dealer)
                self.life.sale(self.people.household(place)[0], dealer, place, day)
            elif draw < 0.2:
                party, dealer = dice.pick(self.customers)
                self.life.sale(party, dealer, party.home_at(day).place, day)
            elif draw < 0.22:
                car = dice.pick(self.cars.everyone)
                self.life.hand_on(car, day)
                self.changed.add(car.id)
            else:
                car = dice.pick(self.cars.everyone)
                place = car.owners[-1].party.home_at(day).place
                self.life.visit(car, dice.pick(self.life.stations_near(place.city)), day)

    def _corrections(self, day: date, known: int, count: int) -> list[Event]:
        """Old records that somebody looked at again: one field is typed anew."""
        found = {self.dice.below(known): self.dice.pick(FIXABLE) for _ in range(count)}
        for at, name in found.items():
            self.events[at].fixes += ((day, name),)
        return [self.events[at] for at in sorted(found)]
