"""Words that begin with a hyphen: which are numbers, which are options, and which only look like options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click

from actcli.number_formats import is_number
from actcli.text import displayable

__all__ = ["check", "is_value", "positionals"]

_FORMULA = re.compile(
    r"-\s*(?:\(|[A-Za-z_][A-Za-z0-9_]*\s*\(|(?:x|pi|e)(?:\s*$|\s*[-+*/^%<>!&|]|\s*==))|-\s+\S", re.ASCII
)
"""-x, -x * 2, -(x + 1), -exp(x), -pi * x: what only a formula begins with, as a word that stands by itself."""


def is_value(arg: str) -> bool:
    """Whether `arg`, for all its hyphen, is no option: a number, or what was meant as one (-1_000).

    No option has a digit for a short name.
    """
    return arg.startswith("-") and (is_number(arg) or arg[1:].removeprefix(".")[:1].isdigit())


def check(ctx: click.Context, args: Sequence[str]) -> None:
    """Refuse what click would make other options of than are meant: formulas, and long options with one hyphen."""
    own = _options(ctx)
    formulas = any(_takes_spec(param) for param in ctx.command.params)
    for arg, place in _placed(ctx, args):
        if place != "option":
            continue
        if formulas and _FORMULA.match(arg):
            raise click.UsageError(
                f"'{displayable(arg)}' begins with - like an option: "
                f"write '{displayable(f'({arg})')}', or put it after --"
            )
        word = arg[1:].partition("=")[0]
        if arg[1] != "-" and len(word) > 1 and (f"--{word}" in own or _last_short(arg, own) is None):
            raise click.NoSuchOption(f"-{word}", ctx=ctx)


def positionals(ctx: click.Context, args: Sequence[str]) -> list[str]:
    """The words that are neither options nor their values."""
    return [arg for arg, place in _placed(ctx, args) if place == "word"]


def _placed(ctx: click.Context, args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each word, and what it is: an "option", the "value" of the one before it, or a "word"."""
    own = _options(ctx)
    ended = wanted = False
    for arg in args:
        if wanted:
            wanted = False
            yield arg, "value"
        elif arg == "--" and not ended:
            ended = True
        elif ended or len(arg) < 2 or arg[0] != "-" or is_value(arg):
            # Behind the name of a command, its own options begin.
            ended = ended or not ctx.allow_interspersed_args
            yield arg, "word"
        else:
            yield arg, "option"
            spelled = arg if arg.startswith("--") else _last_short(arg, own)
            wanted = spelled in own and own[spelled]


def _options(ctx: click.Context) -> dict[str, bool]:
    """The options' spellings, and whether they take a value."""
    options = [param for param in ctx.command.get_params(ctx) if isinstance(param, click.Option)]
    return {name: not param.is_flag for param in options for name in (*param.opts, *param.secondary_opts)}


def _last_short(arg: str, own: dict[str, bool]) -> str | None:
    """The option that a group of short ones ends in, "" if its value follows at once; None for a letter that is none.

    `-f` gives `-f`, `-fcsv` gives "", `-hq` gives None.
    """
    for i, letter in enumerate(arg[1:], start=2):
        name = f"-{letter}"
        if name not in own:
            return None
        if own[name]:
            return "" if arg[i:] else name
    return name


def _takes_spec(param: click.Parameter) -> bool:
    return isinstance(param, click.Argument) and (param.metavar or param.name or "").upper().startswith("SPEC")
