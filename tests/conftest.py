"""What holds for all tests."""

import os

import pytest
from hypothesis import settings

# pypinyin and opencc load their tables at first use, which no deadline of an example survives.
# CI draws the same examples every time, so that a change fails for what it changed; new ones are
# searched for wherever a person runs the tests.
settings.register_profile("guiyi", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("guiyi")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow ones first, so that at the end no test process waits for another."""
    items.sort(key=lambda item: "slow" not in item.keywords)
