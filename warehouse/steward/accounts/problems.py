"""Why an account cannot be made or changed as was asked; pages say `problem.<code>`."""

from __future__ import annotations

from connectors.errors import GuiyiError


class AccountProblem(GuiyiError):
    """Its subclasses are the reasons."""

    code = "account_problem"


class LoginUnusable(AccountProblem):
    """Empty, too long, or with what cannot be seen."""

    code = "login_unusable"


class LoginTaken(AccountProblem):
    """There is an account of this login."""

    code = "login_taken"


class RoleUnknown(AccountProblem):
    """No role of the table of permissions."""

    code = "role_unknown"


class ScopeUnusable(AccountProblem):
    """A province that is not named by the first character of its plates."""

    code = "scope_unusable"


class PasswordShort(AccountProblem):
    """Fewer characters than `passwords.LEAST`."""

    code = "password_short"


class PasswordWrong(AccountProblem):
    """Not the present one, or not the same twice."""

    code = "password_wrong"


class LastAdmin(AccountProblem):
    """Nobody would be left who may make accounts."""

    code = "last_admin"


class LinkOver(AccountProblem):
    """A link that was used, replaced or is too old."""

    code = "link_over"


class LockedOut(AccountProblem):
    """Too many sign-ins of this login failed; it opens again by itself."""

    code = "locked_out"
