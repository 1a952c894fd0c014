"""What happens to cars: sold new, filed by departments, brought to service, sold on used."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from connectors.sample.cars import Cars, Party, Vehicle
from connectors.sample.companies import Companies, Company
from connectors.sample.dice import Dice
from connectors.sample.outlets import Outlet
from connectors.sample.people import People, Person
from connectors.sample.tables import Place, cities, places

# Which departments of a dealer open a file on a buyer, for a person and for one car of a company.
DEPARTMENTS = {
    "销售部": (0.88, 0.5),
    "销售支持": (0.28, 0.2),
    "金融": (0.28, 0.12),
    "售后": (0.3, 0.25),
    "客户关系": (0.06, 0.05),
    "保险部": (0.05, 0.05),
}


@dataclass(slots=True, eq=False)
class Event:
    """One record at one outlet. `party` is whom the row is about, `fixes` its later corrections."""

    serial: int
    outlet: Outlet
    day: date
    party: Party
    car: Vehicle
    relation: str
    department: str = ""
    speaker: Person | None = None  # whose phone stands in a company's row
    dealer: str = ""
    key: str = ""
    fixes: tuple[tuple[date, str], ...] = ()


@dataclass
class Life:
    """The people, companies, cars and outlets, and the events among them up to the day `last`."""

    dice: Dice
    people: People
    companies: Companies
    cars: Cars
    hq: Outlet
    dealers: list[Outlet]
    stations: list[Outlet]
    last: date
    events: list[Event] = field(default_factory=list)
    customers: list[tuple[Party, Outlet]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_city: dict[str, list[Outlet]] = {}
        self._friends: dict[str, Person] = {}
        for station in self.stations:
            self._by_city.setdefault(station.place.city, []).append(station)

    def place_near(self, outlet: Outlet) -> Place:
        """A district of the outlet's city, sometimes one far away."""
        if self.dice.chance(0.05):
            return self.dice.pick(places())
        return self.dice.pick(cities()[outlet.place.city])

    def stations_near(self, city: str) -> list[Outlet]:
        """The stations of the city, all of them where it has none."""
        return self._by_city.get(city) or self.stations

    def sale(self, party: Party, dealer: Outlet, place: Place, day: date) -> Vehicle:
        """A new car: the registered sale, the departments' files, the visits of the years after."""
        dice = self.dice
        car = self.cars.sell(party, place, day)
        self.event(
            self.hq, day, party, car, "owner", dealer=dealer.code, speaker=self._speaker(party)
        )
        for department, shares in DEPARTMENTS.items():
            if dice.chance(shares[isinstance(party, Company)]):
                at = min(day + timedelta(days=dice.below(40)), max(self.last, day))
                self.dealer_row(car, dealer, at, department)
        if day < self.last:
            until = self.last
            if dice.chance(0.1) and (self.last - day).days > 300:
                until = dice.day(day + timedelta(days=250), self.last)
            self.visits(car, dealer, day, until)
            if until < self.last and car.owners[-1].until is None:
                self.hand_on(car, until)
        return car

    def hand_on(self, car: Vehicle, day: date) -> None:
        """The car is sold used, to a stranger or to somebody known; he comes to service then."""
        dice = self.dice
        if (day - car.owners[-1].since).days < 60:  # nobody sells before the papers are filed
            return
        if dice.chance(0.35) and self.customers:
            party, dealer = dice.pick(self.customers)
            place = party.home_at(day).place
        else:
            dealer = dice.pick(self.dealers)
            place = self.place_near(dealer)
            party = self.people.household(place)[0]
        if party is car.owners[-1].party:
            return
        self.cars.hand_over(car, party, place, day)
        self._forget_visits(car, day)
        if dice.chance(0.35):
            self.dealer_row(car, dealer, dice.day(day, self.last), dice.pick(("售后", "保险部")))
        self.visits(car, dealer, day, self.last)

    def _forget_visits(self, car: Vehicle, day: date) -> None:
        """A car sold earlier than first thought: the later visits never were."""
        while self.events and self.events[-1].car is car and self.events[-1].day >= day:
            if self.events[-1].outlet.source != "station":
                break
            self.events.pop()

    def dealer_row(self, car: Vehicle, dealer: Outlet, day: date, department: str) -> Event:
        """A department's file; it may be on the contact or on the spouse in place of the owner."""
        dice, party = self.dice, car.owner_at(day)
        relation = "owner"
        speaker = self._speaker(party)
        if isinstance(party, Company) and dice.chance(0.2):
            party, relation, speaker = dice.pick(party.contacts), "contact", None
        elif isinstance(party, Person) and party.family and dice.chance(0.03):
            party, relation = dice.pick(party.family), "household"
        return self.event(dealer, day, party, car, relation, department, speaker=speaker)

    def _speaker(self, party: Party) -> Person | None:
        """Who gave a company's phone; None is the switchboard."""
        if isinstance(party, Person) or self.dice.chance(0.25):
            return None
        return party.contacts[0] if self.dice.chance(0.75) else self.dice.pick(party.contacts)

    def visits(self, car: Vehicle, dealer: Outlet, day: date, until: date) -> None:
        """Service visits from some weeks after `day` up to `until`, mostly at one station."""
        dice = self.dice
        near = self.stations_near(dealer.place.city)
        usual = dice.pick(near)
        stay = 0.35 + dice.random() * 0.58
        day += timedelta(days=40 + dice.below(240))
        while day < until and dice.chance(stay):
            draw = dice.random()
            station = usual if draw < 0.8 else dice.pick(near if draw < 0.96 else self.stations)
            self.visit(car, station, day)
            day += timedelta(days=90 + dice.below(260))

    def visit(self, car: Vehicle, station: Outlet, day: date) -> Event:
        """Somebody brings the car: its owner, family, a friend, a driver, or the company's name."""
        dice, owner = self.dice, car.owner_at(day)
        draw = dice.random()
        if isinstance(owner, Company):
            if draw < 0.26:
                voice = dice.pick(owner.drivers) if dice.chance(0.5) else self._speaker(owner)
                return self.event(station, day, owner, car, "owner", speaker=voice)
            if draw < 0.36:
                return self.event(station, day, dice.pick(owner.contacts), car, "contact")
            usual = owner.drivers[int(car.id[1:]) % len(owner.drivers)]
            driver = usual if dice.chance(0.75) else dice.pick(owner.drivers)
            return self.event(station, day, driver, car, "driver")
        if draw < 0.14 and owner.family:
            return self.event(station, day, dice.pick(owner.family), car, "household")
        if draw > 0.94:
            friend = self._friend(car, owner.home_at(day).place)
            return self.event(station, day, friend, car, "owner" if friend is owner else "driver")
        return self.event(station, day, owner, car, "owner")

    def _friend(self, car: Vehicle, place: Place) -> Person:
        """Who else brings the car: mostly the same again, and few are customers themselves."""
        dice = self.dice
        friend = self._friends.get(car.id)
        if friend is None or dice.chance(0.2):
            known = self.people.by_city.get(place.city)
            customer = dice.chance(0.15)
            friend = dice.pick(known) if known and customer else self.people.household(place)[0]
            self._friends[car.id] = friend
        return friend

    def event(
        self,
        outlet: Outlet,
        day: date,
        party: Party,
        car: Vehicle,
        relation: str,
        department: str = "",
        speaker: Person | None = None,
        dealer: str = "",
    ) -> Event:
        """Note a record; its key comes when the night's records are put in order."""
        made = Event(
            len(self.events), outlet, day, party, car, relation, department, speaker, dealer
        )
        self.events.append(made)
        return made
