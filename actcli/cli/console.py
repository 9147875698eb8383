"""Text on stdout and stderr that is not a result: help, the version, completion scripts, messages."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["print_error", "print_text", "sigpipe_ignored", "stdout_is_terminal"]


def print_error(line: str) -> None:
    """Write `line` to stderr after the program's name.

    Do nothing if stderr is closed or full: the exit code is all that is left to report with.
    """
    if sys.stderr is None:
        return
    try:
        with sigpipe_ignored():
            sys.stderr.write(f"actcli: {line}\n")
            sys.stderr.flush()
    except (OSError, ValueError):
        pass


@contextmanager
def sigpipe_ignored() -> Iterator[None]:
    """Raise BrokenPipeError at a closed pipe instead of dying of SIGPIPE: that is for stdout, not for messages."""
    number = getattr(signal, "SIGPIPE", None)
    before = signal.signal(number, signal.SIG_IGN) if number is not None else None
    try:
        yield
    finally:
        if number is not None:
            signal.signal(number, before)


def print_text(text: str) -> None:
    """Write `text` to stdout unchanged. Raise ClickException if stdout is closed, which click would ignore."""
    import click  # late: main imports this module before it may spend time on click

    if sys.stdout is None:
        raise click.ClickException("cannot write '<stdout>': it is closed")
    click.echo(text, nl=False)


def stdout_is_terminal() -> bool:
    """Return whether stdout is open and a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()
