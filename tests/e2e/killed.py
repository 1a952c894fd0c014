"""`python -m tests.e2e.killed HOME LANDING MOMENT`: a night that SIGKILLs itself at a moment.

A moment is what the progress listener hears: `started`, `detail` or `finished`, and how the text
begins, as in `detail 5 of`.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from pipelines.progress import listening
from tests.pipelines.steps import one_night


class Killer:
    """Ends this process, without a chance to clean up, when it hears of its moment."""

    def __init__(self, moment: str) -> None:
        self.moment = moment

    def _hear(self, event: str) -> None:
        if event.startswith(self.moment):
            os.kill(os.getpid(), signal.SIGKILL)

    def started(self, step: str) -> None:
        self._hear(f"started {step}")

    def detail(self, text: str) -> None:
        self._hear(f"detail {text}")

    def finished(self, step: str, seconds: float) -> None:
        self._hear(f"finished {step}")


if __name__ == "__main__":
    with listening(Killer(sys.argv[3])):
        one_night(Path(sys.argv[1]), Path(sys.argv[2]))
