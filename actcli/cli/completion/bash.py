"""The completion script for bash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actcli.cli.completion import command_tree, names
from actcli.cli.completion.templates import fill_template, wrap_words

__all__ = ["script", "tables"]


def script() -> str:
    """Return the script."""
    return fill_template(
        "actcli.bash",
        COMMANDS=_case(_commands(), 8),
        OPTIONS=_case(_options(), 8),
        TABLES=tables(),
    )


def tables() -> str:
    """Return the part shared with zsh: the activations."""
    return fill_template(
        "tables.sh",
        NAMES=wrap_words(names.names(), 8),
        ALIASES=wrap_words(names.aliases(), 8),
        FRAMEWORKS=_choices(names.frameworks()),
        PARAMETERS=_choices(names.parameters()),
        VALUES=_choices(names.values()),
    ).strip()


def _case(branches: Mapping[str, Sequence[str]], indent: int) -> str:
    """Return the branches of a `case` statement from a mapping of bodies to their words, which need no quoting."""
    space = " " * indent
    lines = []
    for body, keys in branches.items():
        pattern = wrap_words([" | ".join(keys) + ")"], indent).replace("\n", " \\\n")
        lines.append(f"{pattern}\n{space}    {body} ;;")
    return "\n".join(lines)


def _choices(table: Mapping[str, Sequence[str]]) -> str:
    return _case({f"choices=({' '.join(found)})": keys for found, keys in names.group_by_value(table).items()}, 8)


def _commands() -> dict[str, list[str]]:
    root = command_tree.root()
    return {
        _command(command): [name]
        for name, command in [("actcli", root), *((c.name, c) for c in command_tree.commands())]
    }


def _command(command: command_tree.Command) -> str:
    choices = f" choices=({' '.join(command.choices)})" if command.choices else ""
    options = " ".join(flag.names[-1] for flag in command.flags)
    return f"argument={command.argument_kind}{choices}\n            options=({options})"


def _options() -> dict[str, list[str]]:
    """Return a mapping of assignments to options: `COMMAND,OPTION`, or `*,OPTION` where all commands agree."""
    bodies: dict[str, dict[str, list[str]]] = {}
    for command in (command_tree.root(), *command_tree.commands()):
        name = "" if command.name == "app" else command.name
        for flag in command.flags:
            for spelling in flag.names:
                bodies.setdefault(spelling, {}).setdefault(_option(flag), []).append(name)
    found: dict[str, list[str]] = {}
    for spelling, meanings in bodies.items():
        for body, owners in meanings.items():
            found.setdefault(body, []).extend(
                [f"*,{spelling}"] if len(meanings) == 1 else [f"{name},{spelling}" for name in owners]
            )
    return found


def _option(flag: command_tree.Flag) -> str:
    choices = f" choices=({' '.join(flag.choices)})" if flag.value_kind == "words" else ""
    return f"name={flag.names[-1]} takes={flag.value_kind or repr('')}{choices}{' again=yes' * flag.repeated}"
