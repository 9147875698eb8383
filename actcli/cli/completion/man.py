"""The man page, in the macros of man(7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import actcli
from actcli.cli.completion import command_tree, names
from actcli.cli.help import format_examples, sort_groups
from actcli.core.catalogue.vocabulary import FRAMEWORKS

__all__ = ["roff", "script"]

_WIDTH = 68
"""What a page leaves of 80 columns within its margins."""

_WORDS = """\
.TP
.I SPEC
names an activation:
.IR NAME [ @FRAMEWORK ][ :PARAM=VALUE ,...].
NAME may be written in any common way (leaky_relu, LeakyReLU, leaky\\-relu).
With @FRAMEWORK it is that framework's name, with its defaults, its parameters and its slope at kinks.
VALUE is a decimal, a hexadecimal number or a fraction, all of them exact, or one of the words true, false, none and
those that the activation lists.
.TP
.I X
is a number: a decimal (\\-2, .5, 1e\\-3), inf, nan, or hexadecimal (0x1.8p\\-3). A word that reads as a number is never
an option, so negative numbers need no \\-\\- before them.
"""

_EXIT_STATUS = {
    "0": "Done.",
    "1": "The data or a file is at fault, or nothing could be written.",
    "2": "The command line is at fault.",
    "3": "compare --max-ulp was exceeded.",
    "130": "Interrupted by Ctrl-C; 128 and its number for any other signal that asks to end.",
    "141": "The reader of its output went away (SIGPIPE).",
}

_ENVIRONMENT = {
    "NO_COLOR": "If not empty, there is no colour, unless --color always asks for it.",
    "FORCE_COLOR, CLICOLOR_FORCE": "If neither empty nor 0, there is colour even where there is no terminal.",
    "TERM": "dumb stands for a terminal without colour.",
    "COLUMNS, LINES": "The size of tables, plots, reports and help, in place of the terminal's.",
    "LC_ALL": "C asks for tables and plots in ASCII.",
    "PYTHONIOENCODING": "An encoding that cannot hold other characters has tables and plots in ASCII, too.",
}

_TOPICS = (
    "Results are correctly rounded: each is the exact mathematical result for the given x, rounded once to the dtype.",
    "Errors are one line on standard error.",
    "CSV is a stream: its other cells leave byte for byte as they came, and a row goes out as soon as it has come in.",
)


def script() -> str:
    """The whole page."""
    root, commands = command_tree.root(), command_tree.commands()
    summary = root.summary.removesuffix(".")
    common = _common(commands)
    lines = [
        '.\\" Generated: python -m actcli.cli.completion writes it.',
        f'.TH ACTCLI 1 "" "actcli {actcli.__version__}" "User Commands"',
        # Names and options have hyphens of their own, and are no words to be broken.
        ".nh",
        ".SH NAME",
        f"actcli \\- {roff(summary[:1].lower() + summary[1:])}",
        ".SH SYNOPSIS",
        *_synopsis(root, commands),
        ".SH DESCRIPTION",
        *_paragraphs(root.text[:1]),
        *_paragraphs(_TOPICS),
        _WORDS.rstrip(),
        ".SH COMMANDS",
        *(line for command in commands for line in _command(command, common)),
        ".SH OPTIONS",
        "These belong to several commands: to those in parentheses or, where there are none, at least to",
        f"{_all(commands)}.",
        *_options(commands, common),
        ".SH ACTIVATIONS",
        *_paragraphs([", ".join(names.names()) + "."]),
        ".PP",
        "The words for FRAMEWORK are:",
        *(line for word, whom in FRAMEWORKS.items() for line in _item(f"@{word}", whom)),
        ".SH EXAMPLES",
        *(line for command in commands for line in _examples(command.examples)),
        ".SH EXIT STATUS",
        *(line for code, meaning in _EXIT_STATUS.items() for line in _item(code, meaning)),
        ".SH ENVIRONMENT",
        *(line for name, meaning in _ENVIRONMENT.items() for line in _item(name, meaning)),
    ]
    return "\n".join(lines) + "\n"


def roff(text: str) -> str:
    """Text as it stands in a page: no backslash, hyphen, quotation mark or leading point means anything else."""
    for mark, spelled in (("\\", "\\e"), ("-", "\\-"), ("'", "\\(aq"), ("`", "\\(ga"), ("^", "\\(ha"), ("~", "\\(ti")):
        text = text.replace(mark, spelled)
    return f"\\&{text}" if text.startswith(".") else text


def _synopsis(root: command_tree.Command, commands: Sequence[command_tree.Command]) -> list[str]:
    lines = []
    for command in commands:
        name, _, rest = command.usage.removeprefix("actcli ").partition(" ")
        lines += [f".B actcli {roff(name)}", roff(rest), ".br"]
    flags = " | ".join(flag.names[-1] for flag in root.flags)
    return [*lines, ".B actcli", roff(flags)]


def _paragraphs(text: Iterable[str]) -> list[str]:
    lines = []
    for paragraph in text:
        if "\n" in paragraph:
            lines += [".PP", ".nf", *map(roff, paragraph.split("\n")), ".fi"]
        else:
            lines += [".PP", roff(paragraph)]
    return lines


def _item(term: str, text: str) -> list[str]:
    return [".TP", f".B {roff(term)}", roff(text)]


def _flag(flag: command_tree.Flag, more: str = "") -> list[str]:
    names = ", ".join(f"\\fB{roff(name)}\\fR" for name in flag.names)
    value = f" \\fI{roff(flag.metavar)}\\fR" if flag.metavar else ""
    return [".TP", f"{names}{value}", roff(flag.help) + more]


def _examples(examples: Sequence[str]) -> list[str]:
    lines = format_examples(examples, _WIDTH)
    return [".PP", ".nf", *map(roff, lines), ".fi"] if examples else []


def _common(commands: Sequence[command_tree.Command]) -> dict[command_tree.Flag, list[str]]:
    """The options that several commands have just so, and those commands."""
    having: dict[command_tree.Flag, list[str]] = {}
    for command in commands:
        for flag in command.flags:
            having.setdefault(flag, []).append(command.name)
    return {flag: names for flag, names in having.items() if len(names) > 1}


def _command(command: command_tree.Command, common: dict[command_tree.Flag, list[str]]) -> list[str]:
    lines = [f".SS {roff(command.usage)}", *_paragraphs(command.text)]
    for flag in command.flags:
        if flag not in common:
            lines += _flag(flag)
    return lines


def _options(commands: Sequence[command_tree.Command], common: dict[command_tree.Flag, list[str]]) -> list[str]:
    """The common options under their headings, with the commands that have them."""
    sections: dict[str, list[str]] = {}
    for flag, owners in common.items():
        more = "" if set(owners) >= set(_computing(commands)) else f" ({', '.join(owners)})"
        sections.setdefault(flag.heading, []).extend(_flag(flag, more))
    return [line for heading, lines in sort_groups(sections).items() for line in (f".SS {roff(heading)}", *lines)]


def _computing(commands: Sequence[command_tree.Command]) -> list[str]:
    return [command.name for command in commands if command.takes in ("spec", "specs") and _computes(command)]


def _all(commands: Sequence[command_tree.Command]) -> str:
    *names, last = _computing(commands)
    return f"{', '.join(names)} and {last}"


def _computes(command: command_tree.Command) -> bool:
    return any(flag.takes == "csv" for flag in command.flags)
