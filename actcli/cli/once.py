"""Options that a run takes once: its input, output, source of x and bounds. Of other options the last one counts."""

from __future__ import annotations

from collections.abc import Sequence

import click

from actcli.cli.errors import usage_error

__all__ = ["Once", "check_repetition"]


class Once(click.Option):
    """An option whose second occurrence would silently replace what the run computes, reads, writes or checks."""


def check_repetition(params: Sequence[click.Parameter]) -> None:
    """Raise UsageError if a Once option occurs twice among `params`, those of the command line in their order."""
    seen = set()
    for param in params:
        if isinstance(param, Once) and param in seen:
            raise usage_error(f"{param.opts[0]} is given twice: a run takes it once")
        seen.add(param)
