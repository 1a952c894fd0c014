"""Decisions made at the console, and the run that applies them."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.homes import ask
from tests.pipelines.steps import one_night
from tests.warehouse.steward.conftest import Console
from tests.warehouse.steward.test_review import send


def test_a_run_applies_what_was_decided_and_the_pages_follow(console: Console, world: Path) -> None:
    """Also where the two contradict each other, and a link was refused."""
    home = console.services.site.home
    steward = console.sign_in("steward")
    cases = [
        steward.get(f"/review/next?reason={reason}").headers["location"].split("?")[0]
        for reason in ("refused_id_number", "bridge")
    ]
    pairs = [case.removeprefix("/review/case/").split("/") for case in cases]
    assert len({golden_id for pair in pairs for golden_id in pair}) == 4
    for case in cases:
        send(steward, case, verdict="same")
    one_night(home, world.parent / "landing")
    for case, pair in zip(cases, pairs, strict=True):
        ((kept,),) = ask(home, f"""
            SELECT DISTINCT coalesce(redirect_to, asked.id) FROM (SELECT unnest({pair}) AS id) asked
            LEFT JOIN golden_id_redirect r ON r.golden_id = asked.id""")  # fmt: skip
        assert kept in pair
        assert steward.get(case).status_code == 404
        for golden_id in pair:
            assert kept in steward.get(f"/review/customer/{golden_id}").text
        assert send(steward, case, verdict="different") == "/review/next?said=case_gone"
