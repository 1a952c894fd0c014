"""What holds for all tests."""

from hypothesis import settings

# pypinyin and opencc load their tables at first use, which no deadline of an example survives
settings.register_profile("guiyi", deadline=None)
settings.load_profile("guiyi")
