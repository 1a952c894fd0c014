"""Modules that pytest must not import, as it does with all for the examples in docstrings.

Splink is an extra, without which its settings cannot be. Locust, where it is imported, puts gevent
in the place of threads for the whole process.
"""

from importlib.util import find_spec

collect_ignore = ["working.py"] if find_spec("splink") else ["splink_settings.py", "working.py"]
