"""The completion script for bash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actcli.cli.completion import command_tree, names
from actcli.cli.completion.templates import filled, wrapped

__all__ = ["script", "tables"]


def script() -> str:
    """The whole script."""
    return filled(
        "actcli.bash",
        COMMANDS=_case(_commands(), 8),
        OPTIONS=_case(_options(), 8),
        TABLES=tables(),
    )


def tables() -> str:
    """The part that bash and zsh have in common: the activations."""
    return filled(
        "tables.sh",
        NAMES=wrapped(names.names(), 8),
        ALIASES=wrapped(names.aliases(), 8),
        FRAMEWORKS=_choices(names.frameworks()),
        PARAMETERS=_choices(names.parameters()),
        VALUES=_choices(names.values()),
    ).strip()


def _case(branches: Mapping[str, Sequence[str]], indent: int) -> str:
    """The branches of a `case`: what is done, and the words for which it is; the words are plain ones."""
    space = " " * indent
    lines = []
    for body, keys in branches.items():
        pattern = wrapped([" | ".join(keys) + ")"], indent).replace("\n", " \\\n")
        lines.append(f"{pattern}\n{space}    {body} ;;")
    return "\n".join(lines)


def _choices(table: Mapping[str, Sequence[str]]) -> str:
    return _case({f"choices=({' '.join(found)})": keys for found, keys in names.inverted(table).items()}, 8)


def _commands() -> dict[str, list[str]]:
    root = command_tree.root()
    return {
        _command(command): [name]
        for name, command in [("actcli", root), *((c.name, c) for c in command_tree.commands())]
    }


def _command(command: command_tree.Command) -> str:
    choices = f" choices=({' '.join(command.words)})" if command.words else ""
    options = " ".join(flag.names[-1] for flag in command.flags)
    return f"argument={command.takes}{choices}\n            options=({options})"


def _options() -> dict[str, list[str]]:
    """What an option takes, and the options that take it: `COMMAND,OPTION`, or `*,OPTION` where all commands agree."""
    bodies: dict[str, dict[str, list[str]]] = {}
    for command in (command_tree.root(), *command_tree.commands()):
        name = "" if command.name == "app" else command.name
        for flag in command.flags:
            for spelled in flag.names:
                bodies.setdefault(spelled, {}).setdefault(_option(flag), []).append(name)
    found: dict[str, list[str]] = {}
    for spelled, meanings in bodies.items():
        for body, owners in meanings.items():
            found.setdefault(body, []).extend(
                [f"*,{spelled}"] if len(meanings) == 1 else [f"{name},{spelled}" for name in owners]
            )
    return found


def _option(flag: command_tree.Flag) -> str:
    choices = f" choices=({' '.join(flag.words)})" if flag.takes == "words" else ""
    return f"name={flag.names[-1]} takes={flag.takes or repr('')}{choices}{' again=yes' * flag.repeated}"
