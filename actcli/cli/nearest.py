"""The nearest right thing: what somebody meant who wrote an option, a command or an argument that there is not."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from actcli.formats import is_number
from actcli.streams.faults import shown

__all__ = ["argument", "command", "file", "option"]

_FILES = (".csv", ".tsv", ".tab", ".gz", ".txt", ".json", ".jsonl", ".parquet", ".xlsx")
_NEAR = 0.7
_FEW = 4


def option(error: click.NoSuchOption) -> str:
    """What follows `no such option --xyz`: the one that is meant, where it is, or where all of them are told."""
    name = error.option_name
    word = name.lstrip("-")
    own = _options(error.ctx.command) if error.ctx is not None else {}
    if len(word) == 1 and f"-{word}" in own:
        return f"; did you mean -{word}?"
    if word in getattr(getattr(own.get("--format"), "type", None), "choices", ()):
        return f"; did you mean --format {word}?"
    if is_number(name):
        return f": {shown(name)} is a number; {_numbers([name])}"
    near = error.possibilities[0] if error.possibilities else ""
    if near and _ratio(name, near) >= _NEAR:
        return f"; did you mean {near}?"
    if error.ctx is None:
        return ""
    return (
        _elsewhere(name, error.ctx.find_root())
        or _parameter(word.replace("-", "_"), own)
        or f": see {error.ctx.command_path} -h"
    )


def _options(command: click.Command) -> dict[str, click.Parameter]:
    return {name: param for param in command.params for name in (*param.opts, *param.secondary_opts)}


def _ratio(word: str, other: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, word, other).ratio()


def _elsewhere(name: str, root: click.Context) -> str:
    """That other commands have the option: one stands before its command, or with another one."""
    group = root.command
    if not isinstance(group, click.Group):
        return ""
    commands = {word: group.get_command(root, word) for word in group.list_commands(root)}
    found = [word for word, command in commands.items() if command is not None and name in _options(command)]
    return f" here: it is an option of actcli {', '.join(found)}" if found else ""


def _parameter(word: str, own: dict[str, click.Parameter]) -> str:
    """That an activation has a parameter of the name."""
    from actcli.core.catalogue import entries

    if "--param" in own:
        params = [param for entry in entries().values() for param in entry.params]
        if any(word in (param.name, *param.aliases) for param in params):
            return f"; did you mean -p {word}=VALUE?"
    return ""


def command(args: Sequence[str], commands: Sequence[str]) -> str:
    """What follows `no such command XYZ`: the line that is meant; nothing if it is rather another command."""
    from actcli.core.catalogue import UnknownActivation, find

    word, rest = args[0], args[1:]
    if word == "help":
        return f"; did you mean actcli {rest[0]} -h?" if rest and rest[0] in commands else "; did you mean actcli -h?"
    if word == "version":
        return "; did you mean actcli --version?"
    if is_number(word):
        return f": {_numbers(args)}"
    if word.lower().endswith(_FILES):
        return f": a file goes after -i, as in actcli eval relu -i {_line([word])}"
    try:
        find(re.split("[:@]", word, maxsplit=1)[0])
        return f"; did you mean actcli eval {_line(args)}?"
    except UnknownActivation:
        return ""


def _numbers(args: Sequence[str]) -> str:
    return f"a command and an activation come before it, as in actcli eval relu {_line(args)}"


def _line(args: Sequence[str]) -> str:
    """Some words, as they would be typed."""
    import shlex

    return shown(shlex.join(args[:_FEW])) + " ..." * (len(args) > _FEW)


def file(spec: str) -> bool:
    """Whether a word that should name an activation rather names a file."""
    return spec.lower().endswith(_FILES)


def argument(text: str) -> str:
    """What follows `'xyz' is not a number`: what is meant, if that can be told."""
    if is_number(text.replace(",", ".", 1)):
        return ": the decimal point is a point"
    if re.fullmatch(r"[-+]?\d{1,3}([,_]\d{3})+(\.\d*)?|[-+]?\d+(_\d+)+", text):
        return ": digits go without separators"
    if is_number(text.replace("\N{MINUS SIGN}", "-")):
        return ": the minus sign is a hyphen"
    if not text.isascii() and any(letter.isdigit() for letter in text):
        return ": digits are 0 to 9"
    if all(map(is_number, re.split(r"[\s,;]+", text.strip(" ,;[]()")))):
        return ": each number is a word of its own"
    if all(map(is_number, text.split(":"))):
        return ": a range goes after --range"
    if re.match(r"\w+=", text):
        return ": a parameter goes after -p"
    if any(mark in text for mark in "./\\"):
        return ": a file goes after -i"
    return _activation(text)


def _activation(text: str) -> str:
    from actcli.core.catalogue import UnknownActivation, find

    try:
        find(re.split("[:@]", text, maxsplit=1)[0])
    except UnknownActivation:
        return ""
    return ": several activations go side by side with actcli table"
