"""The completion script for zsh."""

from __future__ import annotations

import shlex

from actcli.cli.completion import command_tree
from actcli.cli.completion.bash import tables
from actcli.cli.completion.templates import fill_template

__all__ = ["script"]

_ACTIONS = {
    "any": " ",
    "column": "_actcli_column",
    "csv": "_actcli_csv",
    "file": "_files",
    "parameter": "_actcli_parameter",
    "setting": "_actcli_setting",
    "spec": "_actcli_spec",
}


def script() -> str:
    """Return the script."""
    commands = command_tree.commands()
    return fill_template(
        "_actcli",
        ROOT="\n".join(f"        {flag} \\" for flag in map(_flag, command_tree.root().flags)),
        COMMANDS="\n".join(map(_command, commands)),
        SUMMARIES="\n".join(f"        {shlex.quote(f'{command.name}:{command.summary}')}" for command in commands),
        TABLES=tables(),
    )


def _command(command: command_tree.Command) -> str:
    specs = [*map(_flag, command.flags), *_arguments(command)]
    lines = " \\\n".join(f"                {spec}" for spec in specs)
    return f"        ({command.name})\n            _arguments -S : \\\n{lines} && ret=0\n            ;;"


def _arguments(command: command_tree.Command) -> list[str]:
    match command.argument_kind:
        case "spec":
            return ["'*:activation:_actcli_one_spec'"]
        case "specs":
            return ["'*:activation:_actcli_spec'"]
        case "words":
            return [f"'1:word:({' '.join(command.choices)})'"]
    return []


def _flag(flag: command_tree.Flag) -> str:
    """Return an option in the syntax of `_arguments`: what it excludes, its names, its description, its value."""
    description = flag.help
    for mark in "\\[]:":
        description = description.replace(mark, f"\\{mark}")
    value = ""
    if flag.value_kind:
        action = f"({' '.join(flag.choices)})" if flag.choices else _ACTIONS[flag.value_kind]
        value = f":{flag.names[-1].strip('-')}:{action}"
    names = [name + (("=" if name.startswith("--") else "+") if flag.value_kind else "") for name in flag.names]
    text = f"[{description}]{value}"
    if len(names) == 1:
        return shlex.quote("*" * flag.repeated + names[0] + text)
    before = "*" if flag.repeated else f"({' '.join(flag.names)})"
    return f"'{before}'{{{','.join(names)}}}{shlex.quote(text)}"
