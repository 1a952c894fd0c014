"""The pages as files: HTML with its pictures, a stylesheet and a script; nothing from outside."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.errors import SettingError
from warehouse.dashboard import accounts, lifecycle, lost, overview, quality, replacement, retention
from warehouse.dashboard.asking import ask
from warehouse.dashboard.page import Page
from warehouse.dashboard.picture import NARROW, WIDE

_FOLDER = Path(__file__).parent
#: Each page's module, in the order of the navigation.
PAGES = (overview, retention, lifecycle, lost, replacement, accounts, quality)
_SUFFIX = ".part"


def pages(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """What the pages say, from an open warehouse.

    Raises SettingError where it was published by a version with other marts.
    """
    try:
        return [module.page(con) for module in PAGES]
    except (duckdb.BinderException, duckdb.CatalogException):
        raise SettingError(
            "the warehouse was published by another version of Guiyi; `guiyi run` publishes it anew"
        ) from None


def write(con: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """Write the pages, and return their files; each takes the place of a former one as a whole.

    Raises SettingError as `pages` does, and where the folder has what is no page of ours.
    """
    _check(folder)
    told = pages(con)
    version = next(iter(ask(con, "version")), None)
    template = _environment().get_template("page.html")
    made = {
        f"{page.name}.html": template.render(page=page, pages=told, version=version)
        for page in told
    }
    folder.mkdir(parents=True, exist_ok=True)
    for asset in sorted((_FOLDER / "assets").iterdir()):
        shutil.copyfile(asset, folder / (asset.name + _SUFFIX))
        os.replace(folder / (asset.name + _SUFFIX), folder / asset.name)
    for name, markup in made.items():
        (folder / (name + _SUFFIX)).write_text(markup, encoding="utf-8")
        os.replace(folder / (name + _SUFFIX), folder / name)
    return [folder / name for name in made]


def _check(folder: Path) -> None:
    """A folder of a person's own is not written into by a slip of the hand."""
    if folder.exists() and not folder.is_dir():
        raise SettingError(f"{folder}: is no folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "dashboard.css").is_file():
        raise SettingError(
            f"{folder}: has other files; name a new folder, or one of an earlier dashboard"
        )


@cache
def _environment() -> Environment:
    # outlets and models are what somebody typed: shown as text, never read as markup
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["widths"] = {"wide": WIDE, "narrow": NARROW}
    return environment
