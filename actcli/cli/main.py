"""Entry point: runs the command and turns every outcome into an exit code and at most one line on stderr."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from enum import IntEnum
from typing import Any, NoReturn

from actcli.cli.console import print_error, sigpipe_ignored
from actcli.text import displayable

__all__ = ["ExitCode", "main", "run"]


class ExitCode(IntEnum):
    """Exit statuses. A signal that ends the program adds 128 to its number: 130 is Ctrl-C.

    A closed pipe ends it by SIGPIPE itself, which a shell shows as 141.
    """

    DONE = 0
    DATA = 1
    USAGE = 2
    EXCEEDED = 3


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run `actcli` with `args` and raise SystemExit; without `args`, run it with sys.argv and end the process."""
    # Before other imports, so that Ctrl-C never prints a traceback.
    _handle_signals()
    if args is not None:
        sys.exit(run(list(args)))
    try:
        _exit_now(run(_decoded(sys.argv[1:])))
    except SystemExit as exit_request:
        _exit_now(exit_request.code)


def _decoded(words: list[str]) -> list[str]:
    """Return the arguments decoded as UTF-8 in every locale; an invalid byte is a surrogate, as in CSV."""
    if sys.getfilesystemencoding() == "utf-8":
        return words
    return [os.fsencode(word).decode("utf-8", "surrogateescape") for word in words]


OUT_OF_MEMORY = "out of memory: use fewer points, or CSV in a pipe"
TOO_MANY_FILES = "too many open files: raise the limit (ulimit -n)"

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


def _exit_now(code: Any) -> NoReturn:
    """Exit without interpreter teardown, which takes an eighth of a short run."""
    # A failed write has been reported already, or cannot be.
    with suppress(AttributeError, OSError, ValueError):
        sys.stdout.flush()
    with suppress(AttributeError, OSError, ValueError), sigpipe_ignored():
        sys.stderr.flush()
    os._exit(code)


def _handle_signals() -> None:
    """Die of SIGPIPE as filters do; on other signals unwind, so that no partial file remains."""
    if hasattr(signal, "SIGPIPE"):
        # Python ignores SIGPIPE and raises BrokenPipeError instead.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # Signals ignored by nohup, or by a shell for background jobs, stay ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, frame: Any) -> NoReturn:
    """Raise SystemExit, and ignore further signals, which would interrupt the clean-up."""
    for name in _SIGNALS:
        # With SIG_IGN Python would report signals that are already pending.
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: None)
    # In callbacks of the interpreter no exception propagates, and there is nothing to unwind.
    sys.unraisablehook = lambda hook: _exit_now(128 + number) if isinstance(hook.exc_value, SystemExit) else None
    sys.exit(128 + number)


def run(args: list[str]) -> int:
    """Run `actcli` with `args`, write an error message if it fails, and return the exit code."""
    try:
        return _invoke(args)
    except SystemExit as exit_request:
        if exit_request.code in (128 + signal.SIGINT, 128 + signal.SIGQUIT) and os.isatty(2):
            # The terminal has written ^C; the prompt belongs on a new line.
            os.write(2, b"\n")
        raise
    except BrokenPipeError:
        # Only on systems without SIGPIPE.
        return 128 + 13
    except Exception as error:
        return _fail(_shortage(error) or _unexpected(error))


def _invoke(args: list[str]) -> int:
    """Run the command and return its exit code, or that of click's exception."""
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


_NO_MEMORY = ("failed to map", "cannot allocate memory", "without setting an exception", "without exception set")
"""What errors of the import system say; CPython the last two where it has no memory for a MemoryError."""


def _shortage(error: BaseException | None) -> str:
    """Return the message for a lack of memory or descriptors, in which imports fail too; "" for any other error."""
    while error is not None:
        number = error.errno if isinstance(error, OSError) else None
        text = str(error).lower() if isinstance(error, ImportError | SystemError) else ""
        if number in (errno.EMFILE, errno.ENFILE) or "too many open files" in text:
            return TOO_MANY_FILES
        if isinstance(error, MemoryError) or number == errno.ENOMEM or any(words in text for words in _NO_MEMORY):
            return OUT_OF_MEMORY
        error = error.__cause__ or error.__context__
    return ""


def _unexpected(error: Exception) -> str:
    """Return the message for an error that no part of the program handles."""
    if not isinstance(error, OSError):
        return _internal(error)
    if error.filename is not None:  # streams convert the errors of their files
        return f"cannot read '{displayable(str(error.filename))}': {error.strerror or error}"
    return f"cannot write '<stdout>': {error.strerror or error}"  # the text of --help or --version


def _internal(error: Exception) -> str:
    """Return the message for a bug in the program: the exception and its place in one line."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" ({os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno})" if place else ""
    return f"internal error, please report it: {type(error).__name__}: {displayable(str(error))}{where}"


def _fail(line: str) -> int:
    print_error(line)
    return ExitCode.DATA
