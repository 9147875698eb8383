"""Text on stdout and stderr that is not a result: help, the version, completion scripts, messages."""

from __future__ import annotations

import sys

__all__ = ["print_error", "print_text", "stdout_is_terminal"]


def print_error(line: str) -> None:
    """Write `line` to stderr after the program's name.

    Do nothing if stderr is closed or full: the exit code is all that is left to report with.
    """
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"actcli: {line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass


def print_text(text: str) -> None:
    """Write `text` to stdout unchanged. Raise ClickException if stdout is closed, which click would ignore."""
    import click  # late: main imports this module before it may spend time on click

    if sys.stdout is None:
        raise click.ClickException("cannot write '<stdout>': it is closed")
    click.echo(text, nl=False)


def stdout_is_terminal() -> bool:
    """Return whether stdout is open and a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()
