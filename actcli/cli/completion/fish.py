"""The completion script for fish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actcli.cli.completion import command_tree, names
from actcli.cli.completion.templates import filled, wrapped

__all__ = ["script"]

_ACTIONS = {
    "column": "(__actcli_column)",
    "csv": "(__actcli_csv)",
    "parameter": "(__actcli_parameter)",
    "setting": "(__actcli_setting)",
    "spec": "(__actcli_spec)",
}


def script() -> str:
    """The whole script."""
    flags = [flag for command in command_tree.commands() for flag in command.flags if flag.takes]
    return filled(
        "actcli.fish",
        TAKES=" ".join(dict.fromkeys(name for flag in flags for name in flag.names)),
        NAMES=_lines(names.names()),
        ALIASES=_lines(names.aliases()),
        FRAMEWORKS=_switch(names.frameworks()),
        PARAMETERS=_switch(names.parameters()),
        VALUES=_switch(names.values()),
        COMPLETE="\n".join([*_commands(), *_arguments(), *_options()]),
    )


def _lines(text: Sequence[str]) -> str:
    return wrapped(text, 8).replace("\n", " \\\n")


def _switch(table: Mapping[str, Sequence[str]]) -> str:
    lines = []
    for found, keys in names.inverted(table).items():
        case = wrapped(["case", *keys], 8).replace("\n", " \\\n")
        lines.append(f"{case}\n            printf '%s\\n' {' '.join(found)}")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _complete(condition: str, *parts: str) -> str:
    return " ".join(["complete -c actcli -n", _quoted(condition), *parts])


def _commands() -> list[str]:
    return [
        _complete("__actcli_is ''", "-a", command.name, "-d", _quoted(command.summary))
        for command in command_tree.commands()
    ]


def _arguments() -> list[str]:
    lines = []
    for command in command_tree.commands():
        here = f"__actcli_is {command.name}"
        if command.takes in ("spec", "words"):
            here += "; and not __actcli_given >/dev/null"
        if command.takes in ("spec", "specs"):
            lines.append(_complete(here, "-a", _quoted("(__actcli_spec)")))
        elif command.takes == "words":
            lines.append(_complete(here, "-a", _quoted(" ".join(command.words))))
    return lines


def _options() -> list[str]:
    """Each option once, with the commands that have it as it is."""
    having: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for name, command in [
        ("''", command_tree.root()),
        *((command.name, command) for command in command_tree.commands()),
    ]:
        for flag in command.flags:
            having.setdefault(_option(flag), []).append(name)
    return [_complete(f"__actcli_is {' '.join(names)}", *parts) for option, names in having.items() for parts in option]


def _option(flag: command_tree.Flag) -> tuple[tuple[str, ...], ...]:
    """What an option is, and in a line of its own what its values are: they are not described as it is."""
    names = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in flag.names]
    values = " ".join(flag.words) if flag.words else _ACTIONS.get(flag.takes, "")
    takes = [] if not flag.takes else ["-rF"] if flag.takes == "file" else ["-x"]
    described = (*names, *takes, "-d", _quoted(flag.help))
    return ((*names, *takes, "-a", _quoted(values)), described) if values else (described,)
