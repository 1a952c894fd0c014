"""The pages in a real browser: by keyboard, in both languages, light and dark, laptop to tablet."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.warehouse.steward.browsing import Tab, tab
from tests.warehouse.steward.conftest import PASSWORD, Console

PAGES = [
    "/", "/audit", "/users", "/users/1", "/tokens", "/account", "/sign-in", "/link/none",
    "/customers?q=wang", "/quarantine", "/outlets", "/quality", "/runs", "/runs/1",
]  # fmt: skip
#: The contrast that WCAG 2 asks of text, level AA.
CONTRAST = 4.5
UNREADABLE = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8")


def test_signing_in_and_out_by_keyboard_alone(browsing: Tab, console: Console) -> None:
    page = browsing.page
    page.goto("/")
    # a browser gives the focus a little after the page is there
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type("lead")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{browsing.address}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.click(".who button")
    page.wait_for_url(f"{browsing.address}/sign-in")


def test_the_language_is_changed_at_a_click_and_kept(browsing: Tab) -> None:
    page = browsing.sign_in("admin", PASSWORD)
    page.goto("/audit?what=sign_in")
    page.click("a[href^='/language/en']")
    assert page.url.endswith("/audit?what=sign_in")
    assert page.text_content("h1") == "Audit"
    page.goto("/users")
    assert page.get_attribute("html", "lang") == "en"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 400])
def test_pages_fit_are_named_and_can_be_read(
    browser: Browser, address: str, width: int, dark: bool
) -> None:
    with tab(browser, address, width, dark) as found:
        page = found.sign_in("admin", PASSWORD)
        for path in PAGES:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(UNREADABLE, CONTRAST) == [], path
            assert page.evaluate(UNREADABLE, 22) != [], path


def test_a_form_is_sent_once_however_often_one_clicks(browsing: Tab, console: Console) -> None:
    page = browsing.sign_in("admin", PASSWORD)
    page.goto("/tokens")
    page.fill("[name=name]", "clicked twice")
    page.dblclick("form.fields button.primary")
    page.wait_for_selector("code.secret")
    made = [token.name for token in console.services.tokens.all()]
    assert made.count("clicked twice") == 1


def test_pages_work_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = Tab(context.new_page(), address).sign_in("admin", PASSWORD)
    page.goto("/tokens")
    page.fill("[name=name]", "a program")
    page.click("form.fields button.primary")
    assert page.locator("code.secret").count() == 1
    context.close()
