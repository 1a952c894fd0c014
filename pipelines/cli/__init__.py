"""The command line `guiyi`.

Commands import what they need when they are called, so that `guiyi --help` answers at once.
Exit codes: 0 done, 1 failed, 2 a setting, an option or a path is wrong, 3 the night is held.
"""

from __future__ import annotations

import sys
import tempfile
import traceback

import typer

from connectors.errors import GuiyiError, SettingError
from pipelines.cli import (
    blocking,
    compare,
    dashboard,
    decide,
    decisions,
    evaluate,
    explain,
    export,
    hold,
    identity,
    init,
    manifest,
    match,
    model,
    normalise,
    privacy,
    run,
    sample,
    status,
    steward,
    survivorship,
    train,
    ui,
    upkeep,
)

app = typer.Typer(
    name="guiyi",
    help="Guiyi 归一: one golden customer record out of the files of dealers and stations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    init,
    sample,
    run,
    status,
    manifest,
    hold,
    evaluate,
    compare,
    decide,
    decisions,
    explain,
    identity,
    export,
    dashboard,
    privacy,
    model,
    survivorship,
    train,
    blocking,
    normalise,
    match,
    upkeep,
    ui,
    steward,
):
    module.register(app)


def main() -> None:
    """Run the command; tell every failure in one sentence, never as a traceback."""
    try:
        app(standalone_mode=True)
    except GuiyiError as error:
        _stop(str(error), _CODES.get(error.code, 1))
    except KeyboardInterrupt:
        _stop("stopped; what was published before still stands", 130)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has had enough, as in `guiyi status | head`
    except OSError as error:
        _stop_if_known(error)
        _stop(f"{error.filename or 'a file'}: {(error.strerror or str(error)).lower()}", 2)
    except Exception as error:
        _stop_if_known(error)
        log = _write_log()
        _stop(f"something unforeseen went wrong ({type(error).__name__}); details are in {log}", 1)


#: Exit codes of errors that are not 1; the second is `warehouse.held.CODE`.
_CODES = {SettingError.code: 2, "night_held": 3}


def _stop_if_known(error: Exception) -> None:
    """Tell a fault of the machine that a person can mend, such as a full disk, by its sentence."""
    from warehouse.faults import explain

    fault = explain(error)
    if fault is not None:
        _stop(str(fault), _CODES.get(fault.code, 1))


def _write_log() -> str:
    """Keep the traceback for whoever looks into it; return where."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="guiyi-error-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(traceback.format_exc())
    return log.name


def _stop(sentence: str, code: int) -> None:
    print(f"guiyi: {sentence}", file=sys.stderr)
    sys.exit(code)
