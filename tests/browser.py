"""Debian's Chromium without a window, driven by its DevTools protocol.

What goes wrong in a page (console errors, exceptions, requests that fail or are refused by the
page's policy) is collected; a machine without Chromium fails the tests that need it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-port=0", "--remote-allow-origins=*",
)  # fmt: skip
_SECONDS = 30


class Browser:
    """One tab. faults: what went wrong since it was opened. requested: addresses it asked for."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._number = socket, 0
        self._session: str | None = None
        self.faults: list[str] = []
        self.requested: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """Call a method of the protocol, and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message | self._to()))
        while True:
            answer = json.loads(self._socket.recv(timeout=_SECONDS))
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self._hear(answer)

    def open(self, address: str, width: int = 1280, height: int = 900) -> Self:
        """Open a page, and wait until it has loaded."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 720,
        )  # fmt: skip
        self.call("Page.navigate", url=address)
        while self._hear(json.loads(self._socket.recv(timeout=_SECONDS))) != "Page.loadEventFired":
            pass
        return self

    def ask(self, script: str) -> Any:
        """The value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def texts(self, selector: str) -> list[str]:
        """What is shown of the elements, hidden ones left out."""
        shown: list[str] = self.ask(
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            ".filter(e => e.checkVisibility())"
            ".map(e => (e.innerText ?? e.textContent).trim())"
        )
        return shown

    def click(self, selector: str) -> None:
        """Click on the middle of an element, as a person would."""
        x, y = self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def _to(self) -> dict[str, str]:
        return {"sessionId": self._session} if self._session else {}

    def _hear(self, event: dict[str, Any]) -> str:
        method, told = str(event.get("method")), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requested.append(told["request"]["url"])
        elif (
            method in ("Runtime.exceptionThrown", "Network.loadingFailed")
            or (method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"))
            or (method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning"))
            or (method == "Network.responseReceived" and told["response"]["status"] >= 400)
        ):
            self.faults.append(json.dumps(event, ensure_ascii=False))
        return method


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start Chromium with a profile of its own in `folder`, and end it."""
    program = shutil.which("chromium")
    assert program, "Chromium is not installed: apt-get install chromium"
    process = subprocess.Popen(
        [program, *_FLAGS, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with connect(_address(folder / "DevToolsActivePort"), max_size=None, proxy=None) as socket:
            yield Browser(socket)
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _address(file: Path) -> str:
    """Where Chromium listens, which it writes into a file of its profile when it is ready."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if file.is_file() and len(told := file.read_text().split()) == 2:
            return f"ws://127.0.0.1:{told[0]}{told[1]}"
        time.sleep(0.02)
    raise AssertionError("Chromium did not start")
