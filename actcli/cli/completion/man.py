"""The manual page, in the macros of man(7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import actcli
from actcli.cli.completion import command_tree, names
from actcli.cli.help import format_examples, sort_groups
from actcli.cli.topics import TOPICS, read_topic
from actcli.core.catalogue.vocabulary import FRAMEWORKS

__all__ = ["roff", "script"]

_WIDTH = 68
"""The columns of an example: 80 without the margins of a page."""

_ARGUMENTS = """\
.TP
.I ACTIVATION
is the name of an activation,
.IR NAME [ @FRAMEWORK ][ :PARAM=VALUE ,...],
or a formula in x: arithmetic, conditions, elementary functions and activations
.RB ( "actcli help formulas" ).
NAME is found in any common spelling (leaky_relu, LeakyReLU, leaky\\-relu).
With @FRAMEWORK it is that framework's function, with its defaults, its parameters and its derivative at kinks.
VALUE is a decimal, a hexadecimal number or a fraction, all of them exact, or a word such as none or true.
.TP
.I X
is a number: a decimal (\\-2, .5, 1e\\-3), inf, nan, or hexadecimal (0x1.8p\\-3). A word that reads as a number is never
an option, so negative numbers do not require \\-\\- before them.
"""

_EXIT_STATUS = {
    "0": "Success.",
    "1": "Invalid data, or a file that cannot be read or written.",
    "2": "An error in the command line.",
    "3": "A bound of --max-ulp is exceeded.",
    "130": "Interrupted by Ctrl-C; after another signal that ends the program, 128 plus its number.",
    "141": "The reader of the output has ended (by SIGPIPE).",
}

_ENVIRONMENT = {
    "NO_COLOR": "If not empty: no colour, except with --color always.",
    "FORCE_COLOR, CLICOLOR_FORCE": "If neither empty nor 0: colour without a terminal too.",
    "TERM, CLICOLOR": "dumb and 0: a terminal without colour.",
    "COLUMNS, LINES": "The size of tables, plots, reports and help, instead of the terminal's.",
    "LC_ALL, LC_CTYPE, LANG": "If the first that is set is not UTF-8, as C: tables and plots in ASCII.",
    "PYTHONIOENCODING": "An encoding without other characters: tables and plots in ASCII.",
}

_NOTES = (
    "Results are correctly rounded: each is the exact mathematical result for the given x, rounded once to the dtype.",
    "Errors are one line on standard error.",
    "The CSV filter is a stream: other cells keep their bytes, and a row is written as soon as it has been read.",
)


def script() -> str:
    """Return the page."""
    root, commands = command_tree.root(), command_tree.commands()
    summary = root.summary.removesuffix(".")
    common = _common(commands)
    lines = [
        '.\\" Generated: python -m actcli.cli.completion writes it.',
        f'.TH ACTCLI 1 "" "actcli {actcli.__version__}" "User Commands"',
        # Names and options contain hyphens and must not be hyphenated.
        ".nh",
        ".SH NAME",
        f"actcli \\- {roff(summary[:1].lower() + summary[1:])}",
        ".SH SYNOPSIS",
        *_synopsis(root, commands),
        ".SH DESCRIPTION",
        *_paragraphs(root.text[:1]),
        *_paragraphs(_NOTES),
        _ARGUMENTS.rstrip(),
        ".SH COMMANDS",
        *(line for command in commands for line in _command(command, common)),
        ".SH OPTIONS",
        "Options of several commands: of those in parentheses, or else at least of",
        f"{_all(commands)}.",
        *_options(commands, common),
        *(line for topic in TOPICS for line in _topic(topic)),
        ".SH ACTIVATIONS",
        *_paragraphs([", ".join(names.names()) + "."]),
        ".PP",
        "The values of FRAMEWORK are:",
        *(line for word, framework in FRAMEWORKS.items() for line in _item(f"@{word}", framework)),
        ".SH EXAMPLES",
        *(line for command in commands for line in _examples(command.examples)),
        ".SH EXIT STATUS",
        *(line for code, meaning in _EXIT_STATUS.items() for line in _item(code, meaning)),
        ".SH ENVIRONMENT",
        *(line for name, meaning in _ENVIRONMENT.items() for line in _item(name, meaning)),
    ]
    return "\n".join(lines) + "\n"


def roff(text: str) -> str:
    """Return text with every character escaped that has a meaning in roff."""
    for mark, escaped in (("\\", "\\e"), ("-", "\\-"), ("'", "\\(aq"), ("`", "\\(ga"), ("^", "\\(ha"), ("~", "\\(ti")):
        text = text.replace(mark, escaped)
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
    """Return the options that several commands share, with the names of these commands."""
    owners: dict[command_tree.Flag, list[str]] = {}
    for command in commands:
        for flag in command.flags:
            owners.setdefault(flag, []).append(command.name)
    return {flag: names for flag, names in owners.items() if len(names) > 1}


def _command(command: command_tree.Command, common: dict[command_tree.Flag, list[str]]) -> list[str]:
    lines = [f".SS {roff(command.usage)}", *_paragraphs(command.text)]
    for flag in command.flags:
        if flag not in common:
            lines += _flag(flag)
    return lines


def _options(commands: Sequence[command_tree.Command], common: dict[command_tree.Flag, list[str]]) -> list[str]:
    """Return the shared options under their headings, with the names of their commands."""
    sections: dict[str, list[str]] = {}
    for flag, owners in common.items():
        more = "" if set(owners) >= set(_computing(commands)) else f" ({', '.join(owners)})"
        sections.setdefault(flag.heading, []).extend(_flag(flag, more))
    return [line for heading, lines in sort_groups(sections).items() for line in (f".SS {roff(heading)}", *lines)]


def _topic(name: str) -> list[str]:
    """Return a section with the text of a topic of `actcli help`."""
    summary, *blocks = read_topic(name).rstrip("\n").split("\n\n")
    lines = [f".SH {roff(name.upper())}", roff(f"{summary[:1].upper()}{summary[1:]}.")]
    for block in blocks:
        if block.startswith("# "):
            lines.append(f".SS {roff(block.removeprefix('# '))}")
        elif block.startswith("    "):
            lines += [".PP", ".nf", *(roff(line[4:]) for line in block.split("\n")), ".fi"]
        elif block.startswith("  "):
            terms = (line[2:].split("  ", 1) for line in block.split("\n"))
            lines += [line for term, meaning in terms for line in _item(term, meaning)]
        else:
            lines += [".PP", roff(block)]
    return lines


def _computing(commands: Sequence[command_tree.Command]) -> list[str]:
    return [command.name for command in commands if command.argument_kind in ("spec", "specs") and _computes(command)]


def _all(commands: Sequence[command_tree.Command]) -> str:
    *names, last = _computing(commands)
    return f"{', '.join(names)} and {last}"


def _computes(command: command_tree.Command) -> bool:
    return any(flag.value_kind == "csv" for flag in command.flags)
