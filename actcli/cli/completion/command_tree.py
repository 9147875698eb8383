"""The commands and their options as plain data, read from the click tree."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass

import click

from actcli.cli.app import app
from actcli.cli.help import Context, Documented, heading
from actcli.cli.options import Switch

__all__ = ["Command", "Flag", "commands", "root"]

_TAKES = {"FILE": "file", "COL": "column", "PARAM": "parameter", "NAME=VALUE": "setting", "ACTIVATION": "spec"}
"""What a metavar says of the words that stand there."""


@dataclass(frozen=True)
class Flag:
    """An option.

    names     its spellings, the short one first; for a switch with two sides the side that is told here
    metavar   what stands for its value in the help; empty if it takes none
    takes     what its value can be: "words", "csv" (a file of rows), "file", "column", "parameter" (a name), "setting"
              (NAME=VALUE), "any", or "" for none
    words     the words, if it takes words
    repeated  whether it may be given several times
    """

    names: tuple[str, ...]
    metavar: str
    takes: str
    words: tuple[str, ...]
    repeated: bool
    help: str
    heading: str


@dataclass(frozen=True)
class Command:
    """A command.

    text   its paragraphs, each one line, or several that stay as they are
    takes  what its arguments are: "spec" (one, then numbers), "specs" (any number of them), "words", or "any"
    words  the words, if they are words
    """

    name: str
    usage: str
    summary: str
    text: tuple[str, ...]
    examples: tuple[str, ...]
    takes: str
    words: tuple[str, ...]
    flags: tuple[Flag, ...]


def root() -> Command:
    """`actcli` itself; its arguments are the names of the commands."""
    ctx = _context(app, "actcli")
    command = _command(app, ctx)
    names = tuple(app.list_commands(ctx))
    return Command(**{**vars(command), "takes": "words", "words": names})


def commands() -> list[Command]:
    """The commands, in the order of the help."""
    ctx = _context(app, "actcli")
    found = []
    for name in app.list_commands(ctx):
        command = app.get_command(ctx, name)
        assert command is not None
        found.append(_command(command, _context(command, name, ctx)))
    return found


def _context(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    return Context(command, parent, name, **command.context_settings)


def _command(command: click.Command, ctx: click.Context) -> Command:
    takes, words = _arguments(command)
    text = [part for told in (command.help, command.epilog) if told for part in inspect.cleandoc(told).split("\n\n")]
    return Command(
        name=command.name or "",
        usage=command.get_usage(ctx).removeprefix("Usage: "),
        summary=command.get_short_help_str(200),
        text=tuple(map(_paragraph, text)),
        examples=tuple(command.examples) if isinstance(command, Documented) else (),
        takes=takes,
        words=words,
        flags=tuple(
            flag
            for param in command.get_params(ctx)
            if isinstance(param, click.Option) and not param.hidden
            for flag in _flags(param, ctx)
        ),
    )


def _paragraph(text: str) -> str:
    """One line, or where click is to leave the lines alone (they begin with a backspace), those lines."""
    return text.removeprefix("\b\n").rstrip() if text.startswith("\b\n") else " ".join(text.split())


def _arguments(command: click.Command) -> tuple[str, tuple[str, ...]]:
    """What the arguments of a command are: as its first one says."""
    first = next((param for param in command.params if isinstance(param, click.Argument)), None)
    if first is None:
        return "any", ()
    words = _choices(first)
    if words:
        return "words", words
    metavar = (first.metavar or first.name or "").upper().strip("[].")
    if not metavar.startswith("ACTIVATION"):
        return "any", ()
    return ("spec" if first.nargs == 1 else "specs"), ()


def _flags(option: click.Option, ctx: click.Context) -> list[Flag]:
    """An option; a switch with two sides as two."""
    words = _choices(option)
    flag = option.is_flag or option.count
    metavar = "" if flag else (option.metavar or option.make_metavar(ctx))
    takes = "" if flag else "words" if words else _TAKES.get(metavar, "any")
    if takes == "file" and "--input" in option.opts:
        takes = "csv"
    # An option with a callback takes several values to refuse them.
    repeated = option.multiple and option.callback is None
    sides: list[Sequence[str]] = [option.opts, option.secondary_opts]
    helps = option.sides if isinstance(option, Switch) else [option.help or ""] * 2
    return [
        Flag(tuple(sorted(names, key=len)), metavar, takes, words, repeated, told, heading(option))
        for names, told in zip(sides, helps, strict=True)
        if names
    ]


def _choices(param: click.Parameter) -> tuple[str, ...]:
    return tuple(str(word) for word in getattr(param.type, "choices", ()))
