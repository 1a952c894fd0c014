"""Why a source file cannot be taken in: the class is the reason, its `code` the ledger's word."""

from __future__ import annotations

from connectors.errors import FileProblem


class Waits(FileProblem):
    """Base of the reasons that may be over tomorrow though the content stays the same."""


class CannotOpen(Waits):
    """The file is there, but the system does not let us read it."""

    code = "cannot_open"


class Unreadable(FileProblem):
    """Not a file of a kind that can be read, or damaged."""

    code = "unreadable"


class PasswordProtected(Unreadable):
    """A workbook that asks for a password."""

    code = "password_protected"


class Undecodable(FileProblem):
    """Text in none of the known encodings."""

    code = "undecodable"


class EmptyFile(FileProblem):
    """No bytes, no cells, or a header without rows."""

    code = "empty_file"


class NoHeader(FileProblem):
    """No row of any sheet has known headers."""

    code = "no_header"


class NoKeyColumn(FileProblem):
    """A header is there, but no column that tells the rows apart."""

    code = "no_key_column"


class HalfWritten(Waits):
    """The file is still being written, or was cut off: it waits."""

    code = "half_written"


class UnknownPlace(FileProblem):
    """No source claims files of this folder."""

    code = "unknown_place"
