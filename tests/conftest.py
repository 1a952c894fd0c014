"""What holds for all tests."""

import os

from hypothesis import settings

# pypinyin and opencc load their tables at first use, which no deadline of an example survives.
# CI draws the same examples every time, so that a change fails for what it changed; new ones are
# searched for wherever a person runs the tests.
settings.register_profile("guiyi", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("guiyi")
