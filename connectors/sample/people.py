"""People and their households: names, homes, numbers that they share, change and give up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from connectors.sample import names, numbers
from connectors.sample.addresses import Address, home
from connectors.sample.dice import Dice, Weighted
from connectors.sample.tables import Place, places

T = TypeVar("T")

# Who lives under one roof, in percent of households.
KINDS = Weighted(("single", "couple", "family", "parents", "siblings"), (34, 30, 18, 12, 6))
HARD_KINDS = Weighted(("single", "couple", "family", "parents", "siblings"), (14, 18, 34, 17, 17))
#: The households made last in a district are one's own family and friends, who bring one's car: a
#: namesake is a stranger.
_ONES_OWN = 5


@dataclass(slots=True, eq=False)
class Person:
    """Someone real. `phones` and `homes` are dated, oldest first; the newest holds."""

    id: str
    surname: str
    given: str
    sex: str
    born: date
    code: str
    homes: list[tuple[date, Address]]
    phones: list[tuple[date, str]] = field(default_factory=list)
    second_phone: str = ""
    lender: Person | None = None  # whose number is given instead of an own one
    email: str = ""
    latin: str = ""  # the romanised name of somebody from Hong Kong or Taiwan
    old_name: str = ""
    renamed: date = date.min
    family: list[Person] = field(default_factory=list)  # the others of the household

    kind = "person"

    @property
    def name(self) -> str:
        """The full name, simplified writing."""
        return self.surname + self.given

    def name_at(self, day: date) -> str:
        """The name on that day: some people change theirs."""
        return self.old_name if self.old_name and day < self.renamed else self.name

    def phone_at(self, day: date) -> str:
        """The number in use on that day, the lender's when there is no own one."""
        if self.lender is not None:
            return self.lender.phone_at(day)
        return _valid(self.phones, day)

    def home_at(self, day: date) -> Address:
        """Where the person lives on that day."""
        return _valid(self.homes, day)


def _valid(dated: list[tuple[date, T]], day: date) -> T:
    for since, value in reversed(dated):
        if since <= day:
            return value
    return dated[0][1]


class Numbers:
    """Every number once; mobiles that were given up come back to strangers after 90 days."""

    def __init__(self, dice: Dice, first: date, last: date, reuse: float) -> None:
        self.dice, self.first, self.last, self.reuse = dice, first, last, reuse
        self._used: set[str] = set()
        self._given_up: list[tuple[date, str]] = []

    def once(self, make: Callable[[], str]) -> str:
        """The first value of `make` that nobody has."""
        value = make()
        while value in self._used:
            value = make()
        self._used.add(value)
        return value

    def mobile(self, since: date) -> str:
        """A mobile number for someone who takes it on `since`."""
        if self._given_up and self.dice.chance(self.reuse):
            at = self.dice.below(len(self._given_up))
            until, number = self._given_up[at]
            if until + timedelta(days=90) < since:
                self._given_up[at] = self._given_up[-1]
                self._given_up.pop()
                return number
        return self.once(lambda: numbers.mobile(self.dice))

    def history(self, changes: float) -> list[tuple[date, str]]:
        """Dated mobiles over the world's history, with `changes` changes expected."""
        found = [(date.min, self.once(lambda: numbers.mobile(self.dice)))]
        moves = [self.dice.day(self.first, self.last) for _ in range(2)]
        for day in sorted(move for move in moves if self.dice.chance(changes / 2)):
            self.change(found, day)
        return found

    def change(self, phones: list[tuple[date, str]], day: date) -> None:
        """Give up the newest number on `day` and take another one."""
        self._given_up.append((day, phones[-1][1]))
        phones.append((day, self.mobile(day)))


@dataclass
class People:
    """Makes people and households; `hard` raises every likeness between relatives."""

    dice: Dice
    numbers: Numbers
    hard: bool
    everyone: list[Person] = field(default_factory=list)
    by_city: dict[str, list[Person]] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)  # district -> names, oldest first

    def person(self, place: Place, at: Address, year: int, sex: str, surname: str = "") -> Person:
        """A new person of the place; `surname` where the family gives it."""
        dice = self.dice
        born = date(year, 1, 1) + timedelta(days=dice.below(365))
        origin = place if dice.chance(0.6) else dice.pick(places())
        made = Person(
            id=f"P{len(self.everyone) + 1:07d}",
            surname=surname or names.surnames().throw(dice),
            given=names.given_name(dice, year, sex),
            sex=sex,
            born=born,
            code=self.numbers.once(lambda: numbers.resident_id(dice, origin.code, born, sex)),
            homes=[(date.min, at)],
        )
        self.everyone.append(made)
        self.by_city.setdefault(place.city, []).append(made)
        self._oddities(made, place)
        made.phones = self.numbers.history(0.8 if self.hard else 0.4)
        if made.latin and dice.chance(0.3):
            made.phones = [
                (date.min, self.numbers.once(lambda: f"+852{dice.pick('569')}{dice.digits(7)}"))
            ]
        if dice.chance(0.16):
            made.second_phone = self._second_phone(place)
        if dice.chance(0.3):
            made.email = _email(dice, made)
        return made

    def _oddities(self, person: Person, place: Place) -> None:
        dice, draw = self.dice, self.dice.random()
        if draw < 0.004 or (draw < 0.25 and place.city == "乌鲁木齐市"):
            full = names.minority_name(dice)
            person.surname, person.given = "", full
        elif draw < 0.008 or (draw < 0.03 and place.city in ("深圳市", "东莞市")):
            han, person.latin = names.hongkong_name(dice)
            person.surname, person.given = han[0], han[1:]
            person.code = dice.pick("HHM") + dice.digits(8)
        elif self.hard and draw < 0.06 and (others := self.heads.get(place.code, [])[:-_ONES_OWN]):
            full = dice.pick(others)
            person.surname, person.given = full[0], full[1:]
        elif dice.chance(0.006):
            person.old_name = person.surname + names.given_name(dice, person.born.year, person.sex)
            person.renamed = dice.day(self.numbers.first, self.numbers.last)

    def _second_phone(self, place: Place) -> str:
        if self.dice.chance(0.5):
            return self.numbers.once(lambda: numbers.landline(self.dice, place))
        return self.numbers.once(lambda: numbers.mobile(self.dice))

    def household(self, place: Place) -> list[Person]:
        """People under one roof, the likeliest car owner first."""
        dice, at = self.dice, home(self.dice, place)
        kind = (HARD_KINDS if self.hard else KINDS).throw(dice)
        year = 1958 + int((dice.random() + dice.random()) * 22)
        sex = "M" if dice.chance(0.68) else "F"
        head = self.person(place, at, year, sex)
        members = [head]
        if kind in ("couple", "family") or (kind == "parents" and dice.chance(0.5)):
            members.append(self._spouse(place, at, head))
        if kind == "family":
            members.extend(self._child(place, at, head) for _ in range(dice.pick((1, 1, 2))))
        if kind == "parents":
            members.append(self._parent(place, at, head))
        if kind == "siblings":
            members.append(self._sibling(place, at, head))
        self._share(members)
        self._move(members, place)
        if 2 <= len(head.name) <= 3:
            self.heads.setdefault(place.code, []).append(head.name)
        for member in members:
            member.family = [other for other in members if other is not member]
        return members

    def _spouse(self, place: Place, at: Address, head: Person) -> Person:
        other = "F" if head.sex == "M" else "M"
        return self.person(place, at, head.born.year + self.dice.below(7) - 3, other)

    def _child(self, place: Place, at: Address, head: Person) -> Person:
        dice = self.dice
        year = min(head.born.year + 22 + dice.below(9), 2004)
        sex = head.sex if self.hard and dice.chance(0.75) else dice.pick("MF")
        child = self.person(place, at, year, sex, "" if dice.chance(0.08) else head.surname)
        self._alike(child, head, 0.6 if self.hard else 0.12)
        return child

    def _parent(self, place: Place, at: Address, head: Person) -> Person:
        dice = self.dice
        sex = head.sex if self.hard and dice.chance(0.75) else dice.pick("MF")
        year = max(head.born.year - 22 - dice.below(9), 1935)
        parent = self.person(place, at, year, sex, "" if sex == "F" else head.surname)
        self._alike(parent, head, 0.6 if self.hard else 0.1)
        return parent

    def _sibling(self, place: Place, at: Address, head: Person) -> Person:
        dice = self.dice
        year = head.born.year + 1 + dice.below(6)
        sex = head.sex if dice.chance(0.7) else dice.pick("MF")
        sibling = self.person(place, at, year, sex, head.surname)
        self._alike(sibling, head, 0.85 if self.hard else 0.6)
        return sibling

    def _alike(self, person: Person, relative: Person, share: float) -> None:
        same = person.surname == relative.surname and len(relative.given) <= 2
        if same and relative.surname and self.dice.chance(share):
            person.given = names.sibling_name(
                self.dice, person.born.year, person.sex, relative.given
            )

    def _share(self, members: list[Person]) -> None:
        """One number for several of the household: old parents and many spouses use another's."""
        for member in members[1:]:
            old = member.born.year < 1955
            share = 0.4 if old else 0.14
            if self.dice.chance(min(share * (2.2 if self.hard else 1), 0.6)):
                member.lender = members[0]

    def _move(self, members: list[Person], place: Place) -> None:
        dice = self.dice
        if not dice.chance(0.08):
            return
        day = dice.day(self.numbers.first, self.numbers.last)
        to = home(dice, place)
        for member in members:
            member.homes.append((day, to))


def _email(dice: Dice, person: Person) -> str:
    host = dice.pick(("qq.com", "qq.com", "qq.com", "163.com", "126.com", "sina.com"))
    if host == "qq.com":
        return f"{dice.pick('123456789')}{dice.digits(8)}@{host}"
    return f"{dice.pick('abcdefghjklmnpqrstwxyz')}{person.born:%y%m}{dice.digits(4)}@{host}"
