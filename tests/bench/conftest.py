"""Splink is an extra: without it, its settings cannot be imported, and pytest need not."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("splink") else ["splink_settings.py"]
