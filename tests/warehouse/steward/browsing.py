"""The console in a real Chromium: served from a thread, with an eye on what goes wrong."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_SECONDS = 20


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app on a free port of this machine; yields its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + _SECONDS
    while not server.started:
        assert time.monotonic() < until, "the console did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(_SECONDS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    program = shutil.which("chromium")
    assert program, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()


@dataclass
class Tab:
    """A tab of a browser of its own. faults: errors of its pages, and requests to elsewhere."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("request", self._see)

    def sign_in(self, login: str, password: str) -> Page:
        self.page.goto(f"{self.address}/sign-in")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", password)
        self.page.click("button.primary")
        self.page.wait_for_url(f"{self.address}/")
        return self.page

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def _see(self, request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "about:")):
            self.faults.append(f"asks elsewhere: {request.url}")


@contextmanager
def tab(browser: Browser, address: str, width: int = 1280, dark: bool = False) -> Iterator[Tab]:
    """A tab without anybody's cookies."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 860},
        color_scheme="dark" if dark else "light",
        locale="zh-CN",
    )
    try:
        yield Tab(context.new_page(), address)
    finally:
        context.close()
