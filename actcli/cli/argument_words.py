"""Words of the command line: which are numbers, options, formulas or file names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click

from actcli.number_text import is_number
from actcli.text import displayable

__all__ = ["check_words", "is_file_name", "is_value", "positionals"]

_NEGATED_FORMULA = re.compile(
    r"-\s*(?:\(|[A-Za-z_][A-Za-z0-9_]*\s*\(|(?:x|pi|e)(?:\s*$|\s*[-+*/^%<>!&|]|\s*==))|-\s+\S", re.ASCII
)
"""Beginnings that only a formula has: -x, -x * 2, -(x + 1), -exp(x), -pi * x."""

_FILE_EXTENSIONS = (
    *(".csv", ".tsv", ".tab", ".gz", ".bz2", ".xz", ".zst", ".txt", ".json", ".jsonl", ".parquet", ".xlsx"),
)


def is_value(arg: str) -> bool:
    """Return whether `arg` begins with a hyphen and is a number, or is meant as one (-1_000).

    No option has a digit as its short name.
    """
    return arg.startswith("-") and (is_number(arg) or arg[1:].removeprefix(".")[:1].isdigit())


def is_file_name(word: str) -> bool:
    """Return whether a word in the place of an activation looks like the name of a file."""
    return word.lower().endswith(_FILE_EXTENSIONS)


def check_words(ctx: click.Context, args: Sequence[str]) -> None:
    """Raise UsageError for words that click would misread as options: formulas, long options with one hyphen."""
    own = _options(ctx)
    takes_formulas = any(_is_activation(param) for param in ctx.command.params)
    for arg, role in _roles(ctx, args):
        if role != "option":
            continue
        if takes_formulas and _NEGATED_FORMULA.match(arg):
            raise click.UsageError(
                f"'{displayable(arg)}' begins with - like an option: "
                f"write '{displayable(f'({arg})')}', or put it after --"
            )
        if takes_formulas and arg[:2] == "--" and is_number(arg[1:]):
            raise click.UsageError(f"'{displayable(arg)}' is not a number: write {arg[1:]}")
        word = arg[1:].partition("=")[0]
        if arg[1] != "-" and len(word) > 1 and (f"--{word}" in own or _last_short_option(arg, own) is None):
            raise click.NoSuchOption(f"-{word}", ctx=ctx)


def positionals(ctx: click.Context, args: Sequence[str]) -> list[str]:
    """Return the words that are neither options nor their values."""
    return [arg for arg, role in _roles(ctx, args) if role == "word"]


def _roles(ctx: click.Context, args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each word with its role: an "option", the "value" of the option before it, or a "word"."""
    own = _options(ctx)
    options_ended = expects_value = False
    for arg in args:
        if expects_value:
            expects_value = False
            yield arg, "value"
        elif arg == "--" and not options_ended:
            options_ended = True
        elif options_ended or len(arg) < 2 or arg[0] != "-" or is_value(arg):
            # After the name of a command, its own options begin.
            options_ended = options_ended or not ctx.allow_interspersed_args
            yield arg, "word"
        else:
            yield arg, "option"
            name = arg if arg.startswith("--") else _last_short_option(arg, own)
            expects_value = name in own and own[name]


def _options(ctx: click.Context) -> dict[str, bool]:
    """Return the names of the options, and whether each takes a value."""
    options = [param for param in ctx.command.get_params(ctx) if isinstance(param, click.Option)]
    return {name: not param.is_flag for param in options for name in (*param.opts, *param.secondary_opts)}


def _last_short_option(arg: str, own: dict[str, bool]) -> str | None:
    """Return the last option of a group of short ones, "" if its value follows at once, None if a letter is unknown.

    `-f` gives `-f`, `-fcsv` gives "", `-hq` gives None.
    """
    for i, letter in enumerate(arg[1:], start=2):
        name = f"-{letter}"
        if name not in own:
            return None
        if own[name]:
            return "" if arg[i:] else name
    return name


def _is_activation(param: click.Parameter) -> bool:
    return isinstance(param, click.Argument) and (param.metavar or "").startswith("ACTIVATION")
