"""A second opinion by keyboard, links by lot, and the page Learn, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from matching.evaluate.calibration import FEWEST
from tests.warehouse.steward.browsing import Tab, tab
from tests.warehouse.steward.conftest import PASSWORD, Clock, Console, staffed
from tests.warehouse.steward.learn.work import make_up
from tests.warehouse.steward.test_in_browser import CONTRAST, UNREADABLE
from tests.warehouse.steward.test_review import next_case, send
from tests.warehouse.steward.test_review_in_browser import settle
from warehouse.steward.site import ConsoleSettings


@pytest.fixture(scope="module")
def console(home: Path) -> Iterator[Console]:
    """A console where every decided case is looked at twice."""
    with staffed(home, Clock(), ConsoleSettings(second_reviews=1)) as found:
        yield found


def test_a_second_opinion_by_keyboard_looks_like_any_case(browsing: Tab, console: Console) -> None:
    wang = console.employ("wang", "steward")
    case = next_case(wang)
    send(wang, case, verdict="same", why="先判断的")
    page = browsing.sign_in("steward", PASSWORD)
    page.goto("/review?kind=pair")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert page.url.split("?")[0].endswith(case)
    assert "先判断的" not in page.content()
    before = len(console.services.office.log.entries())
    settle(page, "d")
    assert len(console.services.office.log.entries()) == before
    expect(page.locator("[role=status]").first).to_contain_text("留作第二意见")
    # what he answered is taken back by the same key
    settle(page, "z")
    assert page.url.split("?")[0].endswith(case)
    assert console.services.judgements.opinions() == {}
    settle(page, "d")
    lead = console.sign_in("lead")
    assert "先判断的" in lead.get(lead.get("/review/next?kind=conflict").headers["location"]).text


def test_links_are_looked_at_by_keyboard(browsing: Tab, console: Console) -> None:
    page = browsing.sign_in("steward", PASSWORD)
    page.goto("/review/links")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    first = page.url
    settle(page, "v")
    expect(page.locator(".actions .badge.warn")).to_be_visible()
    settle(page, "s")
    assert page.url != first
    settle(page, "k")
    settle(page, "z")
    assert page.url.split("?")[0] == first
    assert console.services.office.log.entries()[-1].decision.kind == "undo"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 400])
def test_the_pages_fit_and_can_be_read(
    browser: Browser, address: str, console: Console, width: int, dark: bool
) -> None:
    if len(console.services.judgements.all()) < FEWEST:
        make_up(console.services)
    with tab(browser, address, width, dark) as found:
        page = found.sign_in("lead", PASSWORD)
        for path in ("/learn", "/review/links", "/review/links/next", "/review/next?kind=conflict"):
            page.goto(path)
            for closed in page.locator("details").all():
                closed.locator("summary").click()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(UNREADABLE, CONTRAST) == [], path
        page.goto("/learn")
        expect(page.locator("#thresholds svg:visible")).to_have_count(1)
        expect(page.locator("#precision")).to_contain_text("每 100 条自动关联里")
        assert found.faults == []
