"""The commands and their options as plain data, read from click."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass

import click

from actcli.cli.app import app
from actcli.cli.help import Context, Documented, heading
from actcli.cli.option_types import Switch

__all__ = ["Command", "Flag", "commands", "root"]

_KINDS = {
    "FILE": "file",
    "COL": "column",
    "PARAM": "parameter",
    "NAME=VALUE": "setting",
    "ACTIVATION": "spec",
}
"""The kind of the values that a metavar stands for."""


@dataclass(frozen=True)
class Flag:
    """An option, or one side of a switch with two sides.

    names       its spellings, the short one first
    metavar     the placeholder of its value in the help; empty for a switch
    value_kind  "words", "csv" (a file of rows), "file", "column", "parameter" (a name), "setting" (NAME=VALUE), "spec",
                "any", or "" for a switch
    choices     the values, if they are words
    repeated    True if it may occur several times
    """

    names: tuple[str, ...]
    metavar: str
    value_kind: str
    choices: tuple[str, ...]
    repeated: bool
    help: str
    heading: str


@dataclass(frozen=True)
class Command:
    """A command.

    text           its paragraphs: one line each, or the lines of a list
    argument_kind  "spec" (one activation, then numbers), "specs" (several), "words", or "any"
    choices        the arguments, if they are words
    """

    name: str
    usage: str
    summary: str
    text: tuple[str, ...]
    examples: tuple[str, ...]
    argument_kind: str
    choices: tuple[str, ...]
    flags: tuple[Flag, ...]


def root() -> Command:
    """Return `actcli` itself, whose arguments are the names of the commands."""
    ctx = _context(app, "actcli")
    command = _command(app, ctx)
    names = tuple(app.list_commands(ctx))
    return Command(**{**vars(command), "argument_kind": "words", "choices": names})


def commands() -> list[Command]:
    """Return the commands, in the order of the help."""
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
    argument_kind, choices = _arguments(command)
    texts = [inspect.cleandoc(text) for text in (command.help, command.epilog) if text]
    return Command(
        name=command.name or "",
        usage=command.get_usage(ctx).removeprefix("Usage: "),
        summary=command.get_short_help_str(200),
        text=tuple(_paragraph(part) for text in texts for part in text.split("\n\n")),
        examples=tuple(command.examples) if isinstance(command, Documented) else (),
        argument_kind=argument_kind,
        choices=choices,
        flags=tuple(
            flag
            for param in command.get_params(ctx)
            if isinstance(param, click.Option) and not param.hidden
            for flag in _flags(param, ctx)
        ),
    )


def _paragraph(text: str) -> str:
    """Return a paragraph in one line; a list, which begins with a backspace for click, keeps its lines."""
    return text.removeprefix("\b\n").rstrip() if text.startswith("\b\n") else " ".join(text.split())


def _arguments(command: click.Command) -> tuple[str, tuple[str, ...]]:
    """Return the kind and the choices of a command's arguments, from its first one."""
    first = next((param for param in command.params if isinstance(param, click.Argument)), None)
    if first is None:
        return "any", ()
    choices = _choices(first)
    if choices:
        return "words", choices
    metavar = (first.metavar or first.name or "").upper().strip("[].")
    if not metavar.startswith("ACTIVATION"):
        return "any", ()
    return ("spec" if first.nargs == 1 else "specs"), ()


def _flags(option: click.Option, ctx: click.Context) -> list[Flag]:
    """Return an option; a switch with two sides gives two."""
    choices = _choices(option)
    flag = option.is_flag or option.count
    metavar = "" if flag else (option.metavar or option.make_metavar(ctx))
    value_kind = "" if flag else "words" if choices else _KINDS.get(metavar, "any")
    if value_kind == "file" and "--input" in option.opts:
        value_kind = "csv"
    sides: list[Sequence[str]] = [option.opts, option.secondary_opts]
    helps = option.sides if isinstance(option, Switch) else [option.help or ""] * 2
    return [
        Flag(tuple(sorted(names, key=len)), metavar, value_kind, choices, option.multiple, text, heading(option))
        for names, text in zip(sides, helps, strict=True)
        if names
    ]


def _choices(param: click.Parameter) -> tuple[str, ...]:
    return tuple(str(word) for word in getattr(param.type, "choices", ()))
