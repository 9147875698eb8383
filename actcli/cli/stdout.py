"""Text on stdout that is no result: help, the version, a script."""

from __future__ import annotations

import sys

import click

__all__ = ["print_text"]


def print_text(text: str) -> None:
    """Write `text` as it is; ClickException where stdout is closed, of which click says nothing."""
    if sys.stdout is None:
        raise click.ClickException("cannot write '<stdout>': it is closed")
    click.echo(text, nl=False)
