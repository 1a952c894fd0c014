"""Exports: what outlets may see of the published warehouse, written for them and entered."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from connectors.errors import SettingError
from connectors.intake import SHANGHAI
from matching.ids import parse
from pipelines.occupancy import HomeBusy
from pipelines.settings import pseudonym_key, read_settings
from pipelines.summary import open_published
from warehouse.exports import delivery, rules, sealing
from warehouse.exports.excerpt import cut
from warehouse.exports.forms import FORMS, form_of
from warehouse.exports.register import Export, Register
from warehouse.publish import LINK

LOCK = "exports.lock"
#: Where exports are made in the home; what a killed one left there, the next one removes.
WORK = "exporting"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: outlets by their codes, or a group by its name. author: who asks.

    role: the default one of the rules where it is None. form: that of the output's ending if None.
    encrypt_for: a file with public keys; then the output's files end with .age.
    """

    output: Path
    author: str
    outlets: tuple[str, ...] = ()
    group: str | None = None
    role: str | None = None
    form: str | None = None
    encrypt_for: Path | None = None


def export(home: Path, asked: Asked) -> dict[str, Any]:
    """Write an export, enter it, and return its entry with its `number`.

    Raises SettingError where what is asked for is not there, or the output is.
    """
    settings = read_settings(home)
    known = rules.load(settings.exports)
    role = asked.role or known.default
    sees, chosen = known.role(role), _chosen(known, asked)
    key = pseudonym_key(role) if sees.is_keyed else b""
    receivers = sealing.read_keys(asked.encrypt_for) if asked.encrypt_for else None
    output = asked.output.absolute()
    if receivers and output.suffix == sealing.SUFFIX:
        output = output.with_suffix("")
    form = form_of(output, asked.form)
    if receivers and form != "csv":
        output = output.with_name(output.name + sealing.SUFFIX)
    delivery.check_free(output)
    with open_published(home):
        published = (home / LINK).resolve()
    with workplace(home) as work:
        made = work / f"export.{form}"
        with cut(published, chosen, sees, work, settings.limits, key) as excerpt:
            FORMS[form](excerpt, made)
        beside = delivery.bring_beside(receivers.seal(made) if receivers else made, output)
        entry = Export(
            asked_by=asked.author,
            asked_at=now(),
            role=role,
            group=asked.group,
            outlets=excerpt.outlets,
            tables=excerpt.rows,
            file=str(output),
            digest=delivery.digest_of(beside),
            run_id=excerpt.run_id,
            encrypted_for=receivers.keys if receivers else (),
        )
        register = Register(home)
        register.settle(now())
        number = register.enter(entry, excerpt.customers)
        delivery.put_in_place(beside, output)
        register.confirm(number, now())
    return {"number": number, **entry.model_dump(mode="json")}


def exported(home: Path, customer: str | None = None) -> list[dict[str, Any]]:
    """What the register has, by number; of one customer, by golden id, what he is in.

    Ids that lead to his today count as his. Raises SettingError for what is no golden id.
    """
    register = Register(home)
    register.settle(now())
    return register.entries(_ids(home, customer) if customer else None)


def _chosen(known: rules.Rules, asked: Asked) -> dict[str, tuple[str, ...]]:
    if bool(asked.outlets) == bool(asked.group):
        raise SettingError("name outlets by --outlet, or one group by --group")
    return known.group(asked.group) if asked.group else {"outlet_code": asked.outlets}


def _ids(home: Path, customer: str) -> set[str]:
    asked = parse(customer)
    if asked is None:
        raise SettingError(f"{customer}: no golden id; is it mistyped?")
    with open_published(home) as con:
        rows = con.execute(
            "SELECT golden_id, redirect_to FROM golden_id_redirect WHERE redirect_to = coalesce("
            " (SELECT redirect_to FROM golden_id_redirect WHERE golden_id = $1), $1)",
            [asked],
        ).fetchall()
    return {asked, *(str(one) for row in rows for one in row)}


@contextmanager
def workplace(home: Path) -> Iterator[Path]:
    """A folder in the home for one export at a time, which nobody else may read."""
    work = home / WORK
    try:
        with FileLock(home / LOCK, timeout=0, fallback_to_soft=False):
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(mode=0o700)
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except Timeout:
        raise HomeBusy(
            f"{home}: another export is at work here; try again when it is done"
        ) from None


def now() -> datetime.datetime:
    """The present moment in Shanghai, without a zone."""
    return datetime.datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)
