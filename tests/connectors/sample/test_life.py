"""What must hold in any life of cars, numbers and people, whatever the seed."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from connectors.sample import SampleOptions
from connectors.sample.world import World


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "hard"])
def world(request: pytest.FixtureRequest) -> World:
    return World(SampleOptions(1200, seed=5, hard=request.param))


def test_numbers_move_on_to_strangers_but_have_one_holder_at_a_time(world: World) -> None:
    held: dict[str, list[tuple[date, date]]] = {}
    for person in world.people.everyone:
        ends = [since for since, _ in person.phones[1:]] + [date.max]
        for (since, number), until in zip(person.phones, ends, strict=True):
            held.setdefault(number, []).append((since, until))
    moved = [sorted(spans) for spans in held.values() if len(spans) > 1]
    assert len(moved) > 20
    assert all(a[1] < b[0] for spans in moved for a, b in itertools.pairwise(spans))


def test_whoever_comes_as_owner_owns_the_car_on_that_day(world: World) -> None:
    for event in world.events:
        if event.relation == "owner":
            assert event.car.owner_at(event.day) is event.party


def test_some_plates_go_on_to_the_next_car_of_their_owner(world: World) -> None:
    cars: dict[str, set[str]] = {}
    for car in world.cars.everyone:
        for _, plate in car.plates:
            cars.setdefault(plate, set()).add(car.id)
    assert any(len(ids) > 1 for ids in cars.values())


def test_households_mix_one_surname_and_several(world: World) -> None:
    pairs = [
        (person.surname, other.surname)
        for person in world.people.everyone
        for other in person.family
    ]
    same = sum(a == b for a, b in pairs) / len(pairs)
    assert 0.2 < same < 0.8


def test_fleets_exist_and_their_drivers_are_people_of_their_own(world: World) -> None:
    assert max(company.cars for company in world.companies.everyone) > 5
    drivers = {d.id for company in world.companies.everyone for d in company.drivers}
    brought = [event for event in world.events if event.party.id in drivers]
    assert {event.relation for event in brought} <= {"driver", "owner", "contact"}
    assert len(brought) > 50


def test_nothing_happens_after_the_last_day_or_before_the_sale(world: World) -> None:
    for event in world.events:
        assert event.car.owners[0].since <= event.day <= world.last
