"""Read a YAML file into a pydantic model, and tell all of its faults at once in plain sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.errors import SettingError

Model = TypeVar("Model", bound=BaseModel)
#: libyaml's where PyYAML was built with it: ten times as fast, which every command feels.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Config(BaseModel):
    """Base of everything read from YAML: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_yaml(path: Path, model: type[Model]) -> Model:
    """Return the file at `path` as a `model`.

    Raises SettingError naming the file, and every faulty key with what is wrong about it.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _LOADER)
    except FileNotFoundError:
        raise SettingError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: cannot be read ({error.__class__.__name__})") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise SettingError(f"{path}: not valid YAML{where}") from None
    if content is None:
        content = {}
    if not isinstance(content, dict):
        raise SettingError(f"{path}: expected keys and values at the top level")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise SettingError(f"{path}: {faults(error)}") from None


def faults(error: ValidationError) -> str:
    """Every faulty key of a model with what is wrong about it; no values."""
    return "; ".join(f"{_key(fault['loc'])}{_say(fault)}" for fault in error.errors())


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) + ": " if location else ""


def _say(fault: object) -> str:
    kind, message = fault["type"], fault["msg"]  # type: ignore[index]
    if kind == "extra_forbidden":
        return "unknown key"
    if kind == "missing":
        return "is required"
    message = message.removeprefix("Value error, ")
    return str(message[0].lower() + message[1:])
