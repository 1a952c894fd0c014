"""Explanations as pages: one HTML file each, with its picture in it, that needs nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.errors import SettingError
from matching.explain import Entity, Pair, telling, waterfall
from matching.explain.card import ModelCard
from matching.explain.waterfall import Scale

if TYPE_CHECKING:
    from pipelines.promotion import Diff

_TEMPLATES = Path(__file__).parent / "templates"
#: Width of the pictures' field of bars, in the SVG's units.
_FIELD = 560.0


def write_explanation(file: Path, found: Pair | Entity, typed: list[Any]) -> None:
    """Write the page of a pair (with its records as typed) or of a customer.

    Raises SettingError where the folder of the file does not exist.
    """
    if isinstance(found, Entity):
        _write(file, "entity.html", {"entity": found})
        return
    drawn = waterfall.bars(found) if found.weight is not None else []
    line = waterfall.scale(found, drawn, _FIELD)
    _write(file, "pair.html", {"pair": found, "typed": typed, "bars": drawn, "line": line})


def write_model(file: Path, card: ModelCard) -> None:
    """Write the page of a model. Raises SettingError as `write_explanation` does."""
    ends = [end for c in card.comparisons for one in c.levels for end in (one.common, one.rare)]
    reached = [*ends, card.prior, card.link, card.review, 0.0]
    _write(
        file,
        "model.html",
        {"card": card, "line": Scale(min(reached) - 1, max(reached) + 1, _FIELD)},
    )


def write_diff(file: Path, found: Diff) -> None:
    """Write the page of what a promotion would do. Raises SettingError as `write_explanation`."""
    _write(file, "diff.html", {"diff": found})


def _write(file: Path, template: str, values: dict[str, Any]) -> None:
    if not file.parent.is_dir():
        raise SettingError(f"{file}: its folder does not exist")
    file.write_text(_environment().get_template(template).render(values), encoding="utf-8")


@cache
def _environment() -> Environment:
    # what outlets have typed is shown as text, never read as markup
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["signed"] = telling.signed
    environment.globals["fields"] = lambda records: list(
        dict.fromkeys(f for r in records for f in r)
    )
    return environment
