"""The queue by what a decision would teach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matching.model import Thresholds
from tests.warehouse.steward.conftest import Console
from tests.warehouse.steward.test_review import next_case, send
from warehouse.steward.cases.queue import Case
from warehouse.steward.learn.telling import most_telling_first, teaches

LIMITS = Thresholds(link=4, review=3)


@pytest.fixture(scope="module")
def case(console: Console) -> Case:
    with console.services.published.reading() as con:
        return console.services.queue.waiting(con, None)[0]


def test_near_a_threshold_and_seldom_decided_teaches_most(case: Case) -> None:
    def worth(bits: float, known: int = 0, reason: str = "grey_zone") -> float:
        one = replace(case, match_weight=bits, reason=reason, pattern="p")
        return teaches(one, LIMITS, {"p": known})

    assert worth(4.0) == worth(3.0) == 1
    assert worth(3.5) < 1
    assert worth(9.0) < worth(6.0) < worth(4.5)
    assert worth(4.0, known=3) == pytest.approx(1 / 4)
    assert worth(30.0, reason="sibling_name") == pytest.approx(0.25)


def test_of_each_kind_of_evidence_one_comes_first(case: Case) -> None:
    cases = [
        replace(
            case,
            key=f"K{number}",
            golden_id_b=f"C{number}",
            match_weight=4 + number / 10,
            pattern=pattern,
        )
        for number, pattern in enumerate("aabbc")
    ]
    found = [one.golden_id_b for one in most_telling_first(cases, LIMITS, {})]
    assert found == ["C0", "C2", "C4", "C1", "C3"]
    assert found[:1] != [most_telling_first(cases, LIMITS, {"a": 9})[0].golden_id_b]


def test_whoever_asks_for_it_works_in_this_order(console: Console) -> None:
    lead = console.sign_in("lead")
    page = lead.get("/review?order=teaches").text
    assert "能教给归一多少" in page
    listed = lead.get("/api/v1/cases?order=teaches&limit=3").json()
    first = f"/review/case/{listed[0]['golden_id']}/{listed[0]['other_id']}?order=teaches"
    assert lead.get("/review/next?order=teaches").headers["location"] == first
    assert send(lead, first, verdict="unsure").startswith("/review/next?order=teaches")
    assert len(console.services.judgements.patterns()) == 1
    assert next_case(lead) != first
    assert lead.get("/api/v1/cases?order=x").status_code == 400
