"""actcli list: the searchable catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from actcli.cli.app import Command
from actcli.cli.errors import click_errors, join_or, usage_error
from actcli.cli.help import option_group
from actcli.cli.options import OUTPUT, Choice, Options, color_option, format_option, output_option
from actcli.cli.output_format import ROWS, resolve_format
from actcli.core.catalogue.vocabulary import FRAMEWORKS, KINDS
from actcli.errors import NoMatchError

if TYPE_CHECKING:
    from actcli.core.catalogue.activation import Activation

EXAMPLES = """
actcli list                                     # every activation
actcli list gelu                                # by a word
actcli list --framework jax                     # those that JAX has
actcli list --kind gated -f csv                 # for programs
actcli list -f plain                            # names, one per line
"""
FORMATS = ("auto", "table", "csv", "tsv", "json", "jsonl", "md", "plain")

MIN_WIDTH_FOR_NAMES = 110
"""Terminal width from which the table has a column of aliases and the frameworks' names."""

_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")


@click.command(cls=Command, name="list", examples=EXAMPLES, short_help="Search the catalogue.")
@click.argument("word", metavar="[WORD]", required=False, default="")
@option_group(
    "Filters",
    click.option(
        "--framework",
        type=Choice(list(FRAMEWORKS)),
        metavar="NAME",
        help=f"Only activations of this framework: {', '.join(FRAMEWORKS)}.",
    ),
    click.option(
        "--kind", type=Choice(KINDS), metavar="KIND", help=f"Only activations of this kind: {', '.join(KINDS)}."
    ),
)
@output_option
@format_option(FORMATS, "auto: a table on a terminal, else csv; plain: the names")
@option_group(OUTPUT, click.option("-d", "--delimiter", metavar="CHAR", help="Cell separator of CSV (a comma)."))
@color_option
def command(word: str, framework: str | None, kind: str | None, **arguments: Any) -> None:
    """List activations with formula, range and the names that frameworks give them.

    WORD is searched for in names, aliases, the frameworks' names, parameters, papers and notes.
    """
    from actcli.core.catalogue.search import search  # late: help needs no catalogue

    options = Options.of(**arguments)
    with click_errors(word):
        try:
            entries = search(word, framework or "", kind or "")
        except NoMatchError as error:
            near = f"; did you mean {join_or(error.suggestions)}?" if error.suggestions else ""
            raise usage_error(f"{error}{near}") from None
        form = resolve_format(options, FORMATS, ROWS)
        if form == "table":
            _write_table(entries, word.strip(), framework or "", options)
        else:
            _write_rows(entries, form, options)


def _write_rows(entries: Sequence[Activation], form: str, options: Options) -> None:
    """Write one row for each activation; `plain` has the names only, JSON has lists as arrays."""
    from actcli.cli.terminal_sink import escape_for_terminal  # late: the table does not need these
    from actcli.streams.csv.row_reader import delimiter_byte
    from actcli.streams.files import open_sink
    from actcli.streams.table_writers import Column, write_table

    def texts(header: str, cells: list[str]) -> Column:
        return Column(header, cells, False, header == "name")

    def lists(header: str, cells: Sequence[Sequence[str]]) -> Column:
        return Column(header, [", ".join(cell) for cell in cells], False, False, cells)

    columns = [
        texts("name", [entry.name for entry in entries]),
        texts("kind", [entry.kind for entry in entries]),
        lists("kinds", [entry.kinds for entry in entries]),
        lists("aliases", [entry.aliases for entry in entries]),
        lists("parameters", [_parameters(entry) for entry in entries]),
        texts("formula", [entry.formula for entry in entries]),
        texts("derivative", [entry.derivative for entry in entries]),
        texts("range", [entry.properties.range or "" for entry in entries]),
        *(lists(framework, [_names_in(entry, framework) for entry in entries]) for framework in FRAMEWORKS),
        texts("paper", [entry.paper for entry in entries]),
    ]
    delimiter = "," if options.separator is None else delimiter_byte(options.separator).decode()
    with open_sink(options.output) as sink:
        write_table(form, columns, escape_for_terminal(sink, options), delimiter=delimiter)


def _write_table(entries: Sequence[Activation], word: str, framework: str, options: Options) -> None:
    """Write what people look for first; on a wide terminal also all other names."""
    from actcli.cli.page import terminal_of, write_page  # late: needs display
    from actcli.core.catalogue.search import matched_name
    from actcli.display.table import TableColumn, table

    terminal = terminal_of(options)
    is_wide = terminal.width >= MIN_WIDTH_FOR_NAMES
    names = [entry.name for entry in entries]
    if not is_wide:
        matches = [matched_name(entry, word, framework) for entry in entries]
        names = [f"{name} ({match})" if match else name for name, match in zip(names, matches, strict=True)]
    columns = [TableColumn("name", names)]
    if is_wide:
        columns.append(TableColumn("also", [", ".join(entry.aliases) for entry in entries]))
    if framework:
        names_there = [", ".join(_names_in(entry, framework)) for entry in entries]
        columns.append(TableColumn(f"in {FRAMEWORKS[framework]}", names_there))
    columns += [
        TableColumn("f(x)", [entry.formula for entry in entries]),
        TableColumn("range", [_rounded(entry.properties.range or "") for entry in entries]),
    ]
    if not framework:
        columns.append(TableColumn("frameworks", [_frameworks(entry, is_wide) for entry in entries]))
    write_page(table([column for column in columns if any(column.cells)], terminal), options)


def _frameworks(entry: Activation, with_names: bool) -> str:
    """Return the frameworks that have the activation, with the first name that each gives it."""
    available = [framework for framework in FRAMEWORKS if entry.framework_variants(framework)]
    if not with_names:
        return " ".join(available)
    return ", ".join(f"{framework} {_names_in(entry, framework)[0]}" for framework in available)


def _rounded(interval: str) -> str:
    """Return an interval with its decimals rounded to six digits."""
    from actcli.display.numbers import significant  # late: needs display

    return _DECIMAL.sub(lambda number: significant(float(number.group()), 6), interval)


def _parameters(entry: Activation) -> list[str]:
    return [
        param.name if param.default is None else f"{param.name}={param.default}"
        for param in entry.available_parameters()
    ]


def _names_in(entry: Activation, framework: str) -> list[str]:
    """Return the names of the activation in a framework, each once."""
    return list(dict.fromkeys(name for form in entry.framework_variants(framework) for name in form.names.split("; ")))
