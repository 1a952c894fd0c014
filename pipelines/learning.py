"""Learn a model's m and u from the records of a home: a job of its own, never part of a night."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from connectors.errors import SettingError
from matching import blocking, engine, training
from matching.model import Model, load
from matching.steward import in_force
from pipelines.models import model_in_force
from pipelines.preview import build_profiles
from pipelines.settings import read_settings
from warehouse.database import connect

_HEAD = """\
# Learned by `guiyi train` (seed {seed}) from {pairs:,} blocked pairs of {profiles:,} profiles, from
# the model {base} {digest}. Where a level was too rare to be counted its number was kept.
# `guiyi model diff` shows what it would change, `guiyi model promote` puts it in force.
"""


@dataclass(frozen=True, slots=True)
class Learned:
    """before, after: the two models. profiles, pairs: learned from. matches: expected among all.

    decided: pairs of profiles that stewards have decided on, which were taken at their word.
    """

    before: Model
    after: Model
    profiles: int
    pairs: int
    matches: int
    decided: int


def train(home: Path, output: Path, model: Path | None = None, seed: int = 1) -> Learned:
    """Learn from the records of a home and write the model file.

    Raises SettingError where the output's folder is missing, the model does not fit the records, or
    there is nothing to learn from.
    """
    if not output.parent.is_dir():
        raise SettingError(f"{output}: its folder does not exist")
    settings = read_settings(home)
    chosen = load(model) if model else model_in_force(home, settings)
    with connect(limits=settings.limits) as con:
        profiles = build_profiles(con, home, chosen)
        blocking.candidates(con, chosen)
        decided = engine.judged_pairs(con, in_force(settings.decided))
        try:
            found = training.train(con, chosen, seed)
        except ValueError as error:
            raise SettingError(f"{home}: {error}") from None
    head = _HEAD.format(
        seed=seed, pairs=found.pairs, profiles=profiles, base=chosen.name, digest=chosen.digest[:12]
    )
    content = found.model.model_dump(mode="json", exclude_none=True)
    output.write_text(
        head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100),
        encoding="utf-8",
    )
    return Learned(chosen, load(output), profiles, found.pairs, round(found.matches), decided)
