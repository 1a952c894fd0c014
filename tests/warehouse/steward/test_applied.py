"""Decisions made at the console, and the run that applies them."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.homes import ask
from tests.pipelines.steps import one_night
from tests.warehouse.steward.conftest import Console
from tests.warehouse.steward.test_review import next_case, send


def test_a_run_applies_what_was_decided_and_the_pages_follow(console: Console, world: Path) -> None:
    home = console.services.site.home
    steward = console.sign_in("steward")
    case = next_case(steward)
    ids = case.removeprefix("/review/case/").split("/")
    send(steward, case, verdict="same")
    one_night(home, world.parent / "landing")
    ((kept,),) = ask(home, f"""
        SELECT DISTINCT coalesce(redirect_to, asked.id) FROM (SELECT unnest({ids}) AS id) asked
        LEFT JOIN golden_id_redirect r ON r.golden_id = asked.id""")  # fmt: skip
    assert kept in ids
    assert steward.get(case).status_code == 404
    for golden_id in ids:
        assert kept in steward.get(f"/review/customer/{golden_id}").text
    assert send(steward, case, verdict="different") == "/review/next?said=case_gone"
