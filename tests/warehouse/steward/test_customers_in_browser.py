"""Somebody says his name: found by pinyin and by the tail of his phone, seen, revealed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.warehouse.steward.browsing import Tab, tab
from tests.warehouse.steward.conftest import PASSWORD, Console
from tests.warehouse.steward.test_customers import Somebody, him
from tests.warehouse.steward.test_in_browser import CONTRAST, UNREADABLE
from warehouse.steward.search.forms import form

__all__ = ["him"]


def test_he_is_found_by_pinyin_and_tail_and_revealed(
    browsing: Tab, console: Console, him: Somebody
) -> None:
    page = browsing.sign_in("steward", PASSWORD)
    page.click("nav a[href='/customers']")
    sound = "".join(form(him.name).readings[0])
    expect(page.locator("[name=q]")).to_be_focused()
    page.keyboard.type(f"{sound} {him.mobile[-4:]}")
    page.keyboard.press("Enter")
    page.click(f"td a[href='/customers/{him.golden_id}'] >> nth=0")
    assert him.name not in page.content()
    page.click(".actions button")
    assert him.name in (page.text_content("h1") or "")
    page.click("a[href^='/language/en']")
    assert him.name in (page.text_content("h1") or "")
    assert page.locator("#cars svg.wide rect").count() > 0
    page.click(f".actions a[href='/customers/{him.golden_id}']")
    assert him.name not in page.content()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (768, True), (400, False)])
def test_his_page_fits_and_can_be_read(
    browser: Browser, address: str, him: Somebody, width: int, dark: bool
) -> None:
    with tab(browser, address, width, dark) as found:
        page = found.sign_in("steward", PASSWORD)
        page.goto(f"/customers/{him.golden_id}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(UNREADABLE, CONTRAST) == []
