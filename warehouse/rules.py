"""The rules of the marts, `marts/rules.yml`: when a customer counts as lost, a car as old."""

from __future__ import annotations

from pathlib import Path

from pydantic import PositiveInt

from connectors.config import Config, read_yaml

RULES = Path(__file__).parent / "marts" / "rules.yml"


class Lifecycle(Config):
    """Days since a customer was first or last heard of, after which he is in the next stage."""

    new_days: PositiveInt
    active_days: PositiveInt
    lost_days: PositiveInt


class Service(Config):
    """Days from one service of a car to the next."""

    interval_days: PositiveInt


class Replacement(Config):
    """What makes a car one that its owner may replace."""

    age_years: PositiveInt
    mileage_km: PositiveInt


class KeyAccounts(Config):
    """What makes a customer a key account. cars: owned now."""

    cars: PositiveInt


class MartRules(Config):
    """All rules; in the SQL of a mart, `$lifecycle_lost_days` is lost_days of lifecycle."""

    lifecycle: Lifecycle
    service: Service
    replacement: Replacement
    key_accounts: KeyAccounts

    def numbers(self) -> dict[str, int]:
        """Each number under its name in the SQL."""
        return {
            f"{group}_{name}": number
            for group, rules in self.model_dump().items()
            for name, number in rules.items()
        }


def load(path: Path = RULES) -> MartRules:
    """Read the rules. Raises SettingError naming the file and every faulty key."""
    return read_yaml(path, MartRules)
