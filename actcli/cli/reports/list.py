"""Report of actcli list: activations of the catalogue as a table or as rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from actcli.cli.options import Options
from actcli.cli.terminal_sink import escape_for_terminal
from actcli.core.catalogue.search import matched_name
from actcli.core.catalogue.vocabulary import FRAMEWORKS
from actcli.display.numbers import significant
from actcli.streams.csv.row_reader import delimiter_byte
from actcli.streams.files import open_sink
from actcli.streams.table_writers import Column, write_table

if TYPE_CHECKING:
    from actcli.core.catalogue.activation import Activation

__all__ = ["write_catalogue"]

MIN_WIDTH_FOR_NAMES = 110
"""Terminal width from which the table has a column of aliases and the frameworks' names."""

_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")


def write_catalogue(entries: Sequence[Activation], word: str, framework: str, form: str, options: Options) -> None:
    """Write the activations that a search found.

    word, framework  what was searched for; the table shows the names that match
    """
    if form == "table":
        _write_table(entries, word, framework, options)
    else:
        _write_rows(entries, form, options)


def _write_rows(entries: Sequence[Activation], form: str, options: Options) -> None:
    """Write one row for each activation; `plain` has the names only, JSON has lists as arrays."""

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
    from actcli.cli import page  # late: rows need no display, whose import takes long

    is_wide = page.terminal_of(options).width >= MIN_WIDTH_FOR_NAMES
    names = [entry.name for entry in entries]
    if not is_wide:
        matches = [matched_name(entry, word, framework) for entry in entries]
        names = [f"{name} ({match})" if match else name for name, match in zip(names, matches, strict=True)]

    def texts(header: str, cells: list[str]) -> Column:
        return Column(header, cells, number=False)

    columns = [texts("name", names)]
    if is_wide:
        columns.append(texts("aliases", [", ".join(entry.aliases) for entry in entries]))
    if framework:
        names_there = [", ".join(_names_in(entry, framework)) for entry in entries]
        columns.append(texts(f"in {FRAMEWORKS[framework]}", names_there))
    columns += [
        texts("f(x)", [entry.formula for entry in entries]),
        texts("range", [_rounded(entry.properties.range or "") for entry in entries]),
    ]
    if not framework:
        columns.append(texts("frameworks", [_frameworks(entry, is_wide) for entry in entries]))
    page.write_table([column for column in columns if any(column.text)], options)


def _frameworks(entry: Activation, with_names: bool) -> str:
    """Return the frameworks that have the activation, with the first name that each gives it."""
    available = [framework for framework in FRAMEWORKS if entry.framework_variants(framework)]
    if not with_names:
        return " ".join(available)
    return ", ".join(f"{framework} {_names_in(entry, framework)[0]}" for framework in available)


def _rounded(interval: str) -> str:
    """Return an interval with its decimals rounded to six digits."""
    return _DECIMAL.sub(lambda number: significant(float(number.group()), 6), interval)


def _parameters(entry: Activation) -> list[str]:
    return [
        param.name if param.default is None else f"{param.name}={param.default}"
        for param in entry.available_parameters()
    ]


def _names_in(entry: Activation, framework: str) -> list[str]:
    """Return the names of the activation in a framework, each once."""
    return list(
        dict.fromkeys(name for function in entry.framework_variants(framework) for name in function.names.split("; "))
    )
