"""What holds for all tests."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

# pypinyin and opencc load their tables at first use, which no deadline of an example survives.
# CI draws the same examples every time, so that a change fails for what it changed; new ones are
# searched for wherever a person runs the tests.
settings.register_profile("guiyi", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("guiyi")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """All modules and tests stay: the search for garbage leaves them out, now and later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow ones first, so that at the end no test process waits for another."""
    items.sort(key=lambda item: "slow" not in item.keywords)


@contextmanager
def plain_environment() -> Iterator[None]:
    """Without settings of the machine's; what a run passes on to its processes does not last.

    Runs have one thread, for there are as many test processes as cores.
    """
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("GUIYI_")]:
        del os.environ[name]
    os.environ["GUIYI_THREADS"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


#: Makes a folder, for all test processes together: its name, and who fills it.
Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """The folder of this name, which the first process that asks has filled; to be read only."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, making = shared / name, shared / f"{name}.making"
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                making.mkdir()
                with plain_environment():
                    make(making)
                making.rename(folder)
        return folder

    return made


@pytest.fixture(autouse=True, scope="module")
def _plain_environment() -> Iterator[None]:
    """For a module's fixtures, too."""
    with plain_environment():
        yield
