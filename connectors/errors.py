"""The root of the error tree: an error's `code` is the word of ledger, quarantine and tests."""

from __future__ import annotations

from typing import ClassVar


class GuiyiError(Exception):
    """Something a user can mend; its text is one sentence that says what and where.

    Texts name files, columns and row numbers, never the personal values in them.
    """

    code: ClassVar[str] = "error"


class SettingError(GuiyiError):
    """A setting, an option or a YAML file is wrong: the command stops with exit code 2."""

    code = "setting"


class FileProblem(GuiyiError):
    """A source file cannot be taken in. Subclasses, one per reason, live beside their readers."""

    code = "file_problem"
