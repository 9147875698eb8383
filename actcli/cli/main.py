"""The entry point: runs the command and turns every way of ending into an exit code and at most one line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from enum import IntEnum
from typing import Any, NoReturn

from actcli.cli.console import print_error

__all__ = ["ExitCode", "main", "run"]


class ExitCode(IntEnum):
    """How the program ends. A signal that asks it to end adds 128 to its number: 130 is Ctrl-C.

    A closed pipe ends it by SIGPIPE itself, which a shell shows as 141.
    """

    DONE = 0
    DATA = 1
    USAGE = 2
    EXCEEDED = 3


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run `actcli` with `args` and raise SystemExit; without, run it with those of the process, and end that."""
    # Before anything else is imported, so that Ctrl-C is quiet from the start.
    _heed_signals()
    if args is not None:
        sys.exit(run(list(args)))
    try:
        _leave(run(_decoded(sys.argv[1:])))
    except SystemExit as ending:
        _leave(ending.code)


def _decoded(words: list[str]) -> list[str]:
    """The words as UTF-8, whatever the locale's encoding; a byte that is none is a surrogate, as in CSV."""
    if sys.getfilesystemencoding() == "utf-8":
        return words
    return [os.fsencode(word).decode("utf-8", "surrogateescape") for word in words]


_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


def _leave(code: Any) -> NoReturn:
    """End the process without taking NumPy apart first, which is an eighth of a short run and frees nothing of use."""
    for stream in (sys.stdout, sys.stderr):
        # What could not be written has been told already, or could not be told.
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(code)


def _heed_signals() -> None:
    """End as a filter should: by SIGPIPE as cat does, and by unwinding, so that no half-written file stays."""
    if hasattr(signal, "SIGPIPE"):
        # Python ignores SIGPIPE and raises BrokenPipeError instead.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # What nohup, or a shell for its background jobs, has set to be ignored stays ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, frame: Any) -> NoReturn:
    """Unwind, and heed no further signal: it would break off the tidying up."""
    for name in _SIGNALS:
        # With SIG_IGN Python would complain of those that have come already.
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: None)
    # Where no exception can pass, in what Python calls on its own, nothing is left to unwind.
    sys.unraisablehook = lambda fault: _leave(128 + number) if isinstance(fault.exc_value, SystemExit) else None
    sys.exit(128 + number)


def run(args: list[str]) -> int:
    """Run `actcli` with `args` and say what is wrong, if anything is; the exit code."""
    try:
        return _invoke(args)
    except SystemExit as ending:
        if ending.code in (128 + signal.SIGINT, 128 + signal.SIGQUIT) and os.isatty(2):
            # The terminal has written ^C, and the shell's prompt would follow on that line.
            os.write(2, b"\n")
        raise
    except BrokenPipeError:
        # Only where there is no SIGPIPE to end it.
        return 128 + 13
    except OSError as error:
        # The rooms name their files; what is left is the text of --help and --version.
        return _fail(f"cannot write {error.filename or '<stdout>'!r}: {error.strerror or error}")
    except MemoryError:
        return _fail("out of memory: fewer points, or CSV in a pipe, take less")
    except Exception as error:
        return _fail(_internal(error))


def _invoke(args: list[str]) -> int:
    """Run the command: what it returns, or what click's exceptions stand for."""
    import click

    from actcli.cli.app import app
    from actcli.cli.errors import one_line

    try:
        result = app.main(args=args, prog_name="actcli", standalone_mode=False)
    except click.Abort:
        return 128 + signal.SIGINT
    except click.ClickException as error:
        print_error(one_line(error))
        return ExitCode.USAGE if error.exit_code == ExitCode.USAGE else ExitCode.DATA
    return result or ExitCode.DONE


def _internal(error: Exception) -> str:
    """A fault of the program itself: what, and where, in one line."""
    from actcli.text import displayable

    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" ({os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno})" if place else ""
    return f"internal fault, please report it: {type(error).__name__}: {displayable(str(error))}{where}"


def _fail(line: str) -> int:
    print_error(line)
    return ExitCode.DATA
