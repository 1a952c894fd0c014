"""A steward at work in a real browser: by keyboard, while a night publishes; split by dragging."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.homes import ask
from tests.warehouse.steward.browsing import Tab, tab
from tests.warehouse.steward.conftest import PASSWORD, Console
from tests.warehouse.steward.test_in_browser import CONTRAST, UNREADABLE
from warehouse.publish import LINK

CASE = re.compile(r"/review/case/\w+/\w+")
PATHS = ("/review", "/review/next?kind=pair", "/review/next?kind=held", "/review/bulk")


def settle(page: Page, key: str) -> None:
    """Press a key on a case, and wait for the next page."""
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)


def publish_once_more(console: Console) -> None:
    """Put a new version of the same content in the place of the published one."""
    link = console.services.site.home / LINK
    version = link.resolve()
    shutil.copyfile(version, version.with_name("warehouse-000002.duckdb"))
    beside = link.with_name("beside")
    beside.symlink_to(version.with_name("warehouse-000002.duckdb"))
    beside.replace(link)


def test_thirty_cases_by_keyboard_while_a_version_is_published(
    browsing: Tab, console: Console
) -> None:
    page = browsing.sign_in("steward", PASSWORD)
    page.goto("/review?kind=pair")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    seen = []
    for number in range(30):
        if number == 15:
            publish_once_more(console)
        assert CASE.search(page.url), page.url
        seen.append(page.url.split("?")[0])
        settle(page, "sdu"[number % 3])
    entries = console.services.office.log.entries()
    verdicts = [getattr(entry.decision, "verdict", "same") for entry in entries]  # a merge: same
    assert verdicts == ["same", "different", "unsure"] * 10
    assert len(set(seen)) == 30
    settle(page, "z")
    assert page.url.split("?")[0] == seen[-1]
    assert console.services.office.log.entries()[-1].decision.kind == "undo"
    settle(page, "k")
    assert page.url.split("?")[0] != seen[-1]


def test_a_note_is_typed_without_setting_off_keys(browsing: Tab, console: Console) -> None:
    before = len(console.services.office.log.entries())
    page = browsing.sign_in("lead", PASSWORD)
    page.goto("/review/next?kind=pair")
    page.keyboard.press("n")
    page.keyboard.type("sdu?")
    page.keyboard.press("Enter")
    assert page.input_value("input[name=why]") == "sdu?"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    assert page.input_value("input[name=why]") == "sdu?"
    assert len(console.services.office.log.entries()) == before
    settle(page, "d")
    assert console.services.office.log.entries()[-1].decision.why == "sdu?"


def test_records_are_split_off_by_dragging(browsing: Tab, console: Console) -> None:
    ((golden_id,),) = ask(
        console.services.site.home,
        """SELECT golden_id FROM customer_link SEMI JOIN dim_customer USING (golden_id)
           WHERE golden_id NOT IN (SELECT golden_id FROM mart_key_accounts)
           GROUP BY golden_id ORDER BY count(*) DESC, golden_id LIMIT 1""",
    )
    page = browsing.sign_in("steward", PASSWORD)
    page.goto(f"/review/customer/{golden_id}")
    row = page.locator("tr[data-record]").last
    record = row.get_attribute("data-record")
    row.drag_to(page.locator(".drop"))
    expect(row.locator("input")).to_be_checked()
    settle(page, "p")
    settle(page, "Enter")
    assert console.services.office.log.entries()[-1].decision.sides[0] == (record,)
    settle(page, "z")
    assert console.services.office.log.entries()[-1].decision.kind == "undo"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768])
def test_cases_fit_and_can_be_read(
    browser: Browser, address: str, console: Console, width: int, dark: bool
) -> None:
    ((one,),) = ask(console.services.site.home, "SELECT min(golden_id_a) FROM review_pair")
    with tab(browser, address, width, dark) as found:
        page = found.sign_in("lead", PASSWORD)
        for path in (*PATHS, f"/review/customer/{one}"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(UNREADABLE, CONTRAST) == [], path
