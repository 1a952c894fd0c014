"""Settings: one `guiyi.yml` in the home folder, and the environment above it.

The only module that reads the environment, and only when asked.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, PrivateAttr, field_validator

from connectors.config import Config, read_yaml
from connectors.errors import SettingError
from connectors.keys import KeyTable, read_keys
from connectors.sources import FOLDER, load_sources
from matching.decisions import Entry
from matching.golden import SURVIVORSHIP
from matching.model import CUSTOMERS
from matching.renaming import renamed
from warehouse.database import Limits
from warehouse.decisions import DEFAULT_URL, DecisionLog, place
from warehouse.erasure import secret
from warehouse.erasure.retention import Period
from warehouse.exports.rules import EXPORTS
from warehouse.guards import Guards
from warehouse.registry import Origin
from warehouse.steward.site import ConsoleSettings

FILE = "guiyi.yml"
ROOT = Path(__file__).parent.parent
_PREFIX = "GUIYI_"
#: Kind of `registry.KINDS` -> the setting that names its file.
_ORIGINS = {"model": "model", "rules": "survivorship"}

TEMPLATE = """\
# Settings of this Guiyi home. Every line may be left out; what is written here is the default.
# A variable of the environment goes above it: GUIYI_LANDING, GUIYI_MEMORY and so on.

# Where the outlets' files arrive.
landing: {landing}

# What DuckDB may use. It spills to disk beyond `memory`; threads: 0 means all cores.
memory: 2GB
threads: 0

# A file that changed less than so many seconds ago may still be arriving: it waits.
settle_seconds: 0

# Published versions of the warehouse that stay on disk.
keep_versions: 3

# Whether each version has Parquet copies of its tables beside it, in `parquet/`: docs/clients.md.
parquet: false

# A night that goes beyond these is held before anything of it stands; null switches one off.
# What each means is in docs/run.md.
guards:
  least: 100
  merges_per_changed_record: 0.5
  merged_into_one: 50
  largest_new_person: 500
  candidates_per_profile: 50
  generic_share: 0.05
  growth: 2
  shrinkage: 0.1

# Files of your own in place of the shipped ones: the matching model, the rules of golden records,
# a folder with one YAML a source. Relative paths start at this folder. What `guiyi model promote`
# has put in force goes above the first two until another file is named here.
# model: model.yml
# survivorship: survivorship.yml
# sources: sources

# Who sees what of an export, and groups of outlets: docs/exports.md.
# exports: exports.yml

# Where stewards' decisions are kept, as a database URL; a relative file starts at this folder.
# decisions: sqlite:///decisions.sqlite

# The stewards' console: docs/steward.md.
# steward: {{address: https://guiyi.example.cn, idle_minutes: 60, session_hours: 12}}

# How long records of a source are kept after the last day that they tell of: docs/privacy.md.
# retention: {{station: 3 years, dealer: 10 years}}

# A table of keys that changed where an outlet moved to other software: docs/identity.md.
# key_migrations: key_migrations.csv
"""


class Settings(Config):
    """What `guiyi.yml` may say; `TEMPLATE` explains each."""

    landing: Path = Path("../landing")
    memory: str = Field(default="2GB", pattern=r"^\d+(\.\d+)?\s?(KB|MB|GB|KiB|MiB|GiB)$")
    threads: int = Field(default=0, ge=0)
    settle_seconds: float = Field(default=0, ge=0)
    keep_versions: int = Field(default=3, ge=1)
    parquet: bool = False
    guards: Guards = Guards()
    model: Path = CUSTOMERS
    survivorship: Path = SURVIVORSHIP
    sources: Path | None = None
    key_migrations: Path | None = None
    exports: Path = EXPORTS
    decisions: str = DEFAULT_URL
    steward: ConsoleSettings = ConsoleSettings()
    retention: dict[Annotated[str, Field(pattern=r"^\w+$")], Period] = Field(default_factory=dict)

    #: In their own words the files that `origins` tells of, unless they are left out.
    _named: dict[str, str] = PrivateAttr(default_factory=dict)

    @field_validator("decisions")
    @classmethod
    def a_database(cls, url: str) -> str:
        """Decisions are kept in a database."""
        place(url, Path())
        return url

    @field_validator("guards", "retention", "steward", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        """A variable of the environment gives what has parts as YAML on one line."""
        return yaml.safe_load(value) if isinstance(value, str) else value

    @property
    def limits(self) -> Limits:
        """What a DuckDB connection may use."""
        return Limits(self.memory, self.threads)

    @property
    def origins(self) -> dict[str, Origin]:
        """The model and the rules that are named here, by `registry.KINDS`."""
        return {
            kind: Origin(getattr(self, name), self._named.get(name, ""))
            for kind, name in _ORIGINS.items()
        }

    @property
    def log(self) -> DecisionLog:
        """The stewards' decisions."""
        return DecisionLog(self.decisions)

    @property
    def keys(self) -> KeyTable:
        """The table of changed keys. Raises SettingError where it is wrong."""
        return read_keys(self.key_migrations, load_sources(self.sources or FOLDER))

    @property
    def decided(self) -> tuple[Entry, ...]:
        """All that stewards have decided, on records by the names that the store has for them."""
        return tuple(renamed(self.log.entries(), self.keys))


def read_settings(home: Path, landing: Path | None = None) -> Settings:
    """The settings of a home folder; an explicit landing folder goes above file and environment.

    Raises SettingError naming the file or variable, and the key.
    """
    file = home / FILE
    written = read_yaml(file, Settings).model_dump(exclude_unset=True) if file.exists() else {}
    from_environment = {
        name: value
        for name in Settings.model_fields
        if (value := os.environ.get(f"{_PREFIX}{name.upper()}")) is not None
    }
    try:
        settings = Settings.model_validate(written | from_environment)
    except (ValueError, yaml.YAMLError):
        names = ", ".join(f"{_PREFIX}{name.upper()}" for name in from_environment)
        raise SettingError(f"the environment ({names}) holds a value that does not fit") from None
    for name in settings.model_fields_set.intersection(_ORIGINS.values()):
        settings._named[name] = str(getattr(settings, name))
    return _placed(home, settings, landing)


def _placed(home: Path, settings: Settings, landing: Path | None) -> Settings:
    """Relative paths start at the home folder, but one from the command line where one stands."""
    own: dict[str, Path | str] = {
        name: (home / path).resolve()
        for name in ("landing", "model", "survivorship", "sources", "key_migrations", "exports")
        if (path := getattr(settings, name)) is not None
    }
    own["decisions"] = place(settings.decisions, home)
    if landing is not None:
        own["landing"] = landing.resolve()
    return settings.model_copy(update=own)


def init_home(home: Path, landing: Path) -> bool:
    """Make a home folder with a commented settings file; False where there is one already."""
    home.mkdir(parents=True, exist_ok=True)
    file = home / FILE
    if file.exists():
        return False
    file.write_text(TEMPLATE.format(landing=landing.resolve()), encoding="utf-8")
    return True


def erasure_key(home: Path) -> bytes:
    """The key by which the erased are recognised. Raises SettingError where there is none."""
    return secret.read(home, os.environ.get(f"{_PREFIX}ERASURE_KEY"))


def make_erasure_key(home: Path) -> bytes:
    """The key by which those who are erased now will be recognised; made at its first use."""
    if f"{_PREFIX}ERASURE_KEY" not in os.environ:
        secret.make(home)
    return erasure_key(home)


def pseudonym_key(role: str) -> bytes:
    """The key of an export's pseudonyms. role: for which, in the error where there is none."""
    given = os.environ.get(f"{_PREFIX}PSEUDONYM_KEY", "")
    if len(given) < secret.LEAST:
        raise SettingError(
            f"role {role} shows keyed values: give the key, of {secret.LEAST} characters at least,"
            f" by {_PREFIX}PSEUDONYM_KEY"
        )
    return given.encode()


def oidc_secret() -> str:
    """By which the OpenID provider recognises the console. Raises SettingError without one."""
    given = os.environ.get(f"{_PREFIX}OIDC_SECRET", "")
    if not given:
        raise SettingError(f"steward.oidc: give the client's secret by {_PREFIX}OIDC_SECRET")
    return given


def use_dagster_home(home: Path) -> Path:
    """Point Dagster at its folder in the home, with the repository's `dagster.yaml` in it."""
    folder = home.resolve() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    ours, theirs = ROOT / "dagster.yaml", folder / "dagster.yaml"
    if not theirs.exists() or theirs.read_bytes() != ours.read_bytes():
        beside = folder / "dagster.yaml.tmp"
        beside.write_bytes(ours.read_bytes())
        os.replace(beside, theirs)  # a page that runs beside never reads a half
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    return folder


def pass_on(home: Path, landing: Path) -> None:
    """Tell child processes, such as Dagster's, which home and landing folder to use."""
    os.environ[f"{_PREFIX}HOME"] = str(home.resolve())
    os.environ[f"{_PREFIX}LANDING"] = str(landing.resolve())


def home_from_environment() -> Path:
    """The home folder that a process without arguments works in: $GUIYI_HOME, or data/home."""
    return Path(os.environ.get(f"{_PREFIX}HOME", "data/home")).resolve()
