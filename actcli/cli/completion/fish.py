"""The completion script for fish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actcli.cli.completion import command_tree, names
from actcli.cli.completion.templates import fill_template, wrap_words

__all__ = ["script"]

_ACTIONS = {
    "column": "(__actcli_column)",
    "csv": "(__actcli_csv)",
    "parameter": "(__actcli_parameter)",
    "setting": "(__actcli_setting)",
    "spec": "(__actcli_spec)",
}


def script() -> str:
    """Return the script."""
    flags = [flag for command in command_tree.commands() for flag in command.flags if flag.value_kind]
    return fill_template(
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
    return wrap_words(text, 8).replace("\n", " \\\n")


def _switch(table: Mapping[str, Sequence[str]]) -> str:
    lines = []
    for found, keys in names.group_by_value(table).items():
        case = wrap_words(["case", *keys], 8).replace("\n", " \\\n")
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
        if command.argument_kind in ("spec", "words"):
            here += "; and not __actcli_given >/dev/null"
        if command.argument_kind in ("spec", "specs"):
            lines.append(_complete(here, "-a", _quoted("(__actcli_spec)")))
        elif command.argument_kind == "words":
            lines.append(_complete(here, "-a", _quoted(" ".join(command.choices))))
    return lines


def _options() -> list[str]:
    """Return the lines of all options: an option that several commands share is written once."""
    owners: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for name, command in [
        ("''", command_tree.root()),
        *((command.name, command) for command in command_tree.commands()),
    ]:
        for flag in command.flags:
            owners.setdefault(_option(flag), []).append(name)
    return [_complete(f"__actcli_is {' '.join(names)}", *parts) for option, names in owners.items() for parts in option]


def _option(flag: command_tree.Flag) -> tuple[tuple[str, ...], ...]:
    """Return the parts of the lines of an option; its values have a line of their own, without its description."""
    names = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in flag.names]
    values = " ".join(flag.choices) if flag.choices else _ACTIONS.get(flag.value_kind, "")
    takes = [] if not flag.value_kind else ["-rF"] if flag.value_kind == "file" else ["-x"]
    described = (*names, *takes, "-d", _quoted(flag.help))
    return ((*names, *takes, "-a", _quoted(values)), described) if values else (described,)
